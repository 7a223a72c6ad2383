/**
 * What {@code getConnection()} costs through the Spring Boot starter and through the JDBC driver. Entry type: {@link
 * dev.connectionregistry.benchmarks.onramps.OnRampsBenchmark}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.onramps;

import org.jspecify.annotations.NullMarked;
