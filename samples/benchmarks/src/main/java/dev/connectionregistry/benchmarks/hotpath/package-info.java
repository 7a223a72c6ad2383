/**
 * Checkout and close on connections that do nothing: HikariCP alone against {@code RegistryDataSource}. Entry type:
 * {@link dev.connectionregistry.benchmarks.hotpath.HotPath}.
 */
@NullMarked
package dev.connectionregistry.benchmarks.hotpath;

import org.jspecify.annotations.NullMarked;
