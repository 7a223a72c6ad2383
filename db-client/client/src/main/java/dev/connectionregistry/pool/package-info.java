/** API: what a service decides about its own pool in code, besides the settings. */
@NullMarked
package dev.connectionregistry.pool;

import org.jspecify.annotations.NullMarked;
