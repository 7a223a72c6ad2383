/**
 * One generation: open, verify, borrow, drain, close. The only importer of HikariCP and of the Postgres driver. Entry types:
 * {@link dev.connectionregistry.internal.pool.Borrower} (the hot path) and
 * {@link dev.connectionregistry.internal.pool.PoolGeneration}.
 */
@NullMarked
package dev.connectionregistry.internal.pool;

import org.jspecify.annotations.NullMarked;
