package dev.connectionregistry.spring;

import dev.connectionregistry.RegistryDataSourceBuilder;

/**
 * A bean that completes data sources in code, with secret resolvers, listeners, or a computed fallback. Called once for
 * each data source before it starts, after the properties have been applied. {@code @Order} decides the order of
 * several beans.
 */
@FunctionalInterface
public interface RegistryDataSourceCustomizer {
    /**
     * Completes one data source.
     *
     * @param name the data source's {@code @Qualifier} name; for the primary one, the database's name; {@code flyway}
     *     or {@code liquibase} for a migration with its own role
     * @param builder the builder of the data source
     */
    void customize(String name, RegistryDataSourceBuilder builder);
}
