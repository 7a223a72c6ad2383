/**
 * Ways to reach the database, and to be moved to another server. Entry type:
 * {@link dev.connectionregistry.benchmarks.cutover.side.Side}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover.side;

import org.jspecify.annotations.NullMarked;
