/**
 * Finds out why a worker of Postgres' logical replication fails. Entry type: {@link
 * dev.connectionregistry.admin.postgres.reason.PostgresFailureReasons}.
 */
@NullMarked
package dev.connectionregistry.admin.postgres.reason;

import org.jspecify.annotations.NullMarked;
