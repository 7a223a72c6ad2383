/** API: the registry in memory, for tests of services; passes the same contract suite as the real one. */
@NullMarked
package dev.connectionregistry.registry.memory;

import org.jspecify.annotations.NullMarked;
