/**
 * API: the data source. Entry type: {@link dev.connectionregistry.RegistryDataSource}.
 *
 * <p>The API of db-client is what is public in this package, {@code status}, {@code pool}, {@code guice} and {@code micrometer},
 * and what registry-core says is API. Packages with {@code internal} in their name may change in any release. A test compares
 * the API with {@code api.txt}, so that no change happens by accident.
 */
@NullMarked
package dev.connectionregistry;

import org.jspecify.annotations.NullMarked;
