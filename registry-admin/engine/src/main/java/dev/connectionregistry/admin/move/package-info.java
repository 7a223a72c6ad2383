/** A change that the fleet is watched to follow, and the way back from it. */
@NullMarked
package dev.connectionregistry.admin.move;

import org.jspecify.annotations.NullMarked;
