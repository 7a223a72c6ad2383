package dev.connectionregistry.spring;

import dev.connectionregistry.RegistryDataSourceBuilder;

/**
 * A bean that completes data sources in code: secret resolvers, listeners, a fallback that is computed. Called once for each data
 * source before it starts, after the properties were applied, in {@code @Order}.
 */
@FunctionalInterface
public interface RegistryDataSourceCustomizer {
    /**
     * Completes one data source.
     *
     * @param name the name that its {@code @Qualifier} has; of the primary one the database's; {@code flyway} or {@code liquibase} for a
     *     migration with a role of its own
     * @param builder what it will be made of
     */
    void customize(String name, RegistryDataSourceBuilder builder);
}
