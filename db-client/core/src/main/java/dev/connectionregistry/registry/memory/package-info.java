/** The registry in memory, for users' own tests and for ours; passes the same contract suite as the real one. */
@NullMarked
package dev.connectionregistry.registry.memory;

import org.jspecify.annotations.NullMarked;
