/**
 * Postgres' own logical replication, from the plan to the end: which table is copied how, begun, watched, verified, ended, turned
 * round. Values, decisions and use cases; SQL is behind ports.
 */
@NullMarked
package dev.connectionregistry.admin.replication;

import org.jspecify.annotations.NullMarked;
