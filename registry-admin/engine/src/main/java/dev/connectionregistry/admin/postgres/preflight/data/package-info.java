/** Checks of the group data: what the data has that gets in the way. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.data;

import org.jspecify.annotations.NullMarked;
