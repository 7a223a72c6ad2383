/**
 * Callers behind one pgbouncer, moved by a careful operator's script. Entry type:
 * {@link dev.connectionregistry.benchmarks.cutover.side.pgbouncer.PgbouncerSide}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import org.jspecify.annotations.NullMarked;
