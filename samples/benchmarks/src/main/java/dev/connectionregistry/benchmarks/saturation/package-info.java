/**
 * Many more callers than connections: what waiting costs HikariCP alone and {@code RegistryDataSource}. Entry type:
 * {@link dev.connectionregistry.benchmarks.saturation.Saturation}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.saturation;

import org.jspecify.annotations.NullMarked;
