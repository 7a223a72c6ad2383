/**
 * Publications, slots and subscriptions over JDBC. Entry type: {@link
 * dev.connectionregistry.admin.postgres.replication.PostgresReplicationServer}.
 */
@NullMarked
package dev.connectionregistry.admin.postgres.replication;

import org.jspecify.annotations.NullMarked;
