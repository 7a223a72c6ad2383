package dev.connectionregistry.spring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which registry to use, for all databases of the application. Immutable.
 *
 * @param enabled Whether the data source comes from the registry. If false, Spring Boot configures its own from spring.datasource.*.
 * @param table The registry's DynamoDB table.
 * @param region The table's AWS region. By default the AWS SDK finds it.
 * @param endpointUrl Where DynamoDB answers, if not at the region's address; for local servers and private endpoints.
 * @param profile A profile in the shared AWS configuration files.
 * @param migration How Flyway and Liquibase log in to the primary database.
 * @param databases Further databases by their @Qualifier name. A property that a database does not set (service,
 *     instance, timeouts, bounds, pool) has its value from connection-registry.*.
 */
@ConfigurationProperties(DatabaseProperties.PREFIX)
public record RegistryProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("connection-registry") String table,
        @Nullable String region,
        @Nullable String endpointUrl,
        @Nullable String profile,
        @DefaultValue Migration migration,
        @DefaultValue Map<String, DatabaseProperties> databases) {

    /**
     * How Flyway and Liquibase log in to the primary database. Without a role here, they use the one in
     * spring.flyway.user or spring.liquibase.user; without that, the application's.
     *
     * @param enabled Whether migrations follow the registry. If false, Spring Boot chooses their data source.
     * @param username The role that migrates, such as the owner of the tables.
     * @param passwordRef Where its password is kept, such as env:OWNER_PASSWORD; never the password itself.
     * @param cutoverTimeout How long a migration waits for the end of a cutover before the start fails.
     */
    public record Migration(
            @DefaultValue("true") boolean enabled,
            @Nullable String username,
            @Nullable String passwordRef,
            @DefaultValue("1m") Duration cutoverTimeout) {}
}
