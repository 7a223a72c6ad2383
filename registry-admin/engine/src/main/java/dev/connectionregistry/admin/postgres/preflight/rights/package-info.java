/** Checks of the group rights: who may do what. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.rights;

import org.jspecify.annotations.NullMarked;
