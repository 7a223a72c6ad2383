/** Checks of the group replication: whether logical replication can work, and does. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.replicating;

import org.jspecify.annotations.NullMarked;
