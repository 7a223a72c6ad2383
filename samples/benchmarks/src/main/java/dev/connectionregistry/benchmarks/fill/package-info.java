/**
 * How long a pool takes to be full, HikariCP alone and a generation of ours, and how soon the end of use is noticed. Entry type:
 * {@link dev.connectionregistry.benchmarks.fill.FillBenchmark}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.fill;

import org.jspecify.annotations.NullMarked;
