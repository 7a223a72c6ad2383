/**
 * The hold of a group of names beside that of one name. Entry type:
 * {@link dev.connectionregistry.benchmarks.group.GroupBenchmark}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.group;

import org.jspecify.annotations.NullMarked;
