/** API: what a service says about its own pool in code, beside what the settings say. */
@NullMarked
package dev.connectionregistry.pool;

import org.jspecify.annotations.NullMarked;
