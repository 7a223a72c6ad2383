/**
 * API: the data source in Spring Boot. Its properties are {@code connection-registry.*}; what they can't say, a
 * {@link dev.connectionregistry.spring.RegistryDataSourceCustomizer} says in code.
 */
@NullMarked
package dev.connectionregistry.spring;

import org.jspecify.annotations.NullMarked;
