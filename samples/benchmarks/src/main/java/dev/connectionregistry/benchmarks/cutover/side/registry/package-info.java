/**
 * Callers with a {@code RegistryDataSource} each, moved by {@code registry-admin cutover}. Entry type:
 * {@link dev.connectionregistry.benchmarks.cutover.side.registry.RegistrySide}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.cutover.side.registry;

import org.jspecify.annotations.NullMarked;
