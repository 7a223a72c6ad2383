/**
 * Finds out why a worker of Postgres' logical replication fails. Entry type: {@link
 * dev.connectionregistry.admin.replication.postgres.reason.PostgresFailureReasons}.
 */
@NullMarked
package dev.connectionregistry.admin.replication.postgres.reason;

import org.jspecify.annotations.NullMarked;
