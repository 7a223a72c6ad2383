/** Checks of the group settings: what servers and databases are set to. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.setting;

import org.jspecify.annotations.NullMarked;
