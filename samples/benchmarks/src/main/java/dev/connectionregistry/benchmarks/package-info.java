/** What db-client costs, measured beside what it is built on. One package for each benchmark; {@code run} names them. */
@NullMarked
package dev.connectionregistry.benchmarks;

import org.jspecify.annotations.NullMarked;
