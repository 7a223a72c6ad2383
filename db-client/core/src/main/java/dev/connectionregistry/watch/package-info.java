/**
 * API: follows the registry for a service with another pool than db-client's, such as a reactive client's. Entry type:
 * {@link dev.connectionregistry.watch.RegistryWatcher}.
 */
@NullMarked
package dev.connectionregistry.watch;

import org.jspecify.annotations.NullMarked;
