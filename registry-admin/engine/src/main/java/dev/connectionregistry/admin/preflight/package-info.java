/** Everything that is checked before a fleet moves: the checks, what came of them, and those of the fleet. */
@NullMarked
package dev.connectionregistry.admin.preflight;

import org.jspecify.annotations.NullMarked;
