/**
 * API: the data source in Spring Boot. Its properties are {@code connection-registry.*}; a
 * {@link dev.connectionregistry.spring.RegistryDataSourceCustomizer} configures in code what they can't express.
 */
@NullMarked
package dev.connectionregistry.spring;

import org.jspecify.annotations.NullMarked;
