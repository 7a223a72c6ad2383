/**
 * API: the data source. Entry type: {@link dev.connectionregistry.RegistryDataSource}.
 *
 * <p>The API of db-client consists of the public types in this package, {@code status}, {@code pool}, {@code guice} and
 * {@code micrometer}, and of the API of registry-core. Packages with {@code internal} in their name may change in any
 * release. A test compares the API with {@code api.txt}, so that it doesn't change by accident.
 */
@NullMarked
package dev.connectionregistry;

import org.jspecify.annotations.NullMarked;
