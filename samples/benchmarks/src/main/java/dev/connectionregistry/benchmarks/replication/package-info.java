/**
 * The same copy of a table to another server, with {@code registry-admin replication start} and by hand with the same statements. Entry
 * type: {@link dev.connectionregistry.benchmarks.replication.ReplicationBenchmark}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.replication;

import org.jspecify.annotations.NullMarked;
