/**
 * The status of replication: what both servers say, and what follows from it.
 * {@link dev.connectionregistry.admin.replication.status.ReplicationWatch} is the use case,
 * {@link dev.connectionregistry.admin.replication.status.ReplicationView} the port.
 */
@NullMarked
package dev.connectionregistry.admin.replication.status;

import org.jspecify.annotations.NullMarked;
