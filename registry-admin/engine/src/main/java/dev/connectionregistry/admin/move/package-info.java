/** A change that the fleet is watched to follow, and the rollback of it. */
@NullMarked
package dev.connectionregistry.admin.move;

import org.jspecify.annotations.NullMarked;
