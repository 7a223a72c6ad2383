/** Preflight's checks of the two servers, over JDBC. */
@NullMarked
package dev.connectionregistry.admin.preflight.postgres;

import org.jspecify.annotations.NullMarked;
