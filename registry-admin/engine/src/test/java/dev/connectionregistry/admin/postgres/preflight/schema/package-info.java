/** Tests. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.schema;

import org.jspecify.annotations.NullMarked;
