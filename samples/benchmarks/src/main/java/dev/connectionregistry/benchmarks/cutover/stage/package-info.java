/**
 * What both sides are measured on: servers, a pair of databases for each round, programs that can't outlive the benchmark.
 * Entry type: {@link dev.connectionregistry.benchmarks.cutover.stage.Servers}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover.stage;

import org.jspecify.annotations.NullMarked;
