/**
 * Every interleaving of a cutover, up to stated bounds: the pure functions of production, in a world small enough to be
 * searched completely. Start at {@code CutoverExplorationTest}.
 */
@NullMarked
package dev.connectionregistry.admin.cutover.explore;

import org.jspecify.annotations.NullMarked;
