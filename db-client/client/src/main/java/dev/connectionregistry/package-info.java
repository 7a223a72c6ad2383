/**
 * The public API of db-client. Entry type: {@link dev.connectionregistry.RegistryDataSource}.
 */
@NullMarked
package dev.connectionregistry;

import org.jspecify.annotations.NullMarked;
