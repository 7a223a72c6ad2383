/**
 * What the coordinator of a cutover does next: a pure function of what it knows and how the last step went. No I/O, no
 * clock; the runner executes the steps, and a test drives the same function through every interleaving.
 */
@NullMarked
package dev.connectionregistry.admin.cutover.decision;

import org.jspecify.annotations.NullMarked;
