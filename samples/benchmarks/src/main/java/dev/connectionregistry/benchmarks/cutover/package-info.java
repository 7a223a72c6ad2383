/**
 * The same cutover, under the same load, with pgbouncer and a careful operator's script, and with Connection Registry. Entry
 * type: {@link dev.connectionregistry.benchmarks.cutover.CutoverBenchmark}.
 *
 * <p>Imports point one way: this package knows {@code side}, which knows {@code stage}; {@code load} knows {@code stage}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover;

import org.jspecify.annotations.NullMarked;
