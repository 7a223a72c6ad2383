/** Everything that is checked before a fleet moves: the checks, their findings, and the checks of the fleet. */
@NullMarked
package dev.connectionregistry.admin.preflight;

import org.jspecify.annotations.NullMarked;
