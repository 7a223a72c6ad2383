/** Why a worker of a replication fails: the port, and what it tells. */
@NullMarked
package dev.connectionregistry.admin.replication.reason;

import org.jspecify.annotations.NullMarked;
