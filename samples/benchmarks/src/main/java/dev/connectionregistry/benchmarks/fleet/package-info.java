/**
 * A cutover of fleets of different sizes, to see what grows with their number. Entry type:
 * {@link dev.connectionregistry.benchmarks.fleet.FleetBenchmark}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
