/**
 * API: a JUnit extension in which a team moves and holds its own service. Entry type:
 * {@link dev.connectionregistry.junit.RegistryExtension}.
 */
@NullMarked
package dev.connectionregistry.junit;

import org.jspecify.annotations.NullMarked;
