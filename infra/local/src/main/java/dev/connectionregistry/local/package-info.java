/**
 * Starts DynamoDB Local and real Postgres servers in a test or a demo: no Docker, no cloud, loopback only.
 *
 * <p>Entry points: {@link dev.connectionregistry.local.LocalDynamoDb}, {@link dev.connectionregistry.local.LocalPostgres},
 * {@link dev.connectionregistry.local.LogicalReplication} and, for outages, {@link dev.connectionregistry.local.TcpGate}.
 * Every server is a separate process that ends when the JVM that started it ends, however that JVM ends. Every wait is
 * bounded; a thread that is interrupted while waiting gets a {@link dev.connectionregistry.local.LocalServerException}
 * and keeps its interrupt flag.
 */
@NullMarked
package dev.connectionregistry.local;

import org.jspecify.annotations.NullMarked;
