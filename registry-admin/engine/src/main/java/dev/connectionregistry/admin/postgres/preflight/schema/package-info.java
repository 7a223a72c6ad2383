/** Checks of the group schema: what the schema has that gets in the way. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.schema;

import org.jspecify.annotations.NullMarked;
