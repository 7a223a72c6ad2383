/** Checks of the group servers: whether these are the right two servers. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.server;

import org.jspecify.annotations.NullMarked;
