/**
 * The callers: threads of short writes, what they saw, and whether what was acknowledged to them is there. Entry type:
 * {@link dev.connectionregistry.benchmarks.cutover.load.Load}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover.load;

import org.jspecify.annotations.NullMarked;
