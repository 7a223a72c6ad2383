/**
 * What the coordinator of a cutover does next: a pure function of what it knows and how the last act went. No I/O, no clock;
 * the runner does the acts, and a test drives the same function through every interleaving.
 */
@NullMarked
package dev.connectionregistry.admin.cutover.decision;

import org.jspecify.annotations.NullMarked;
