package dev.connectionregistry.spring;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which registry, for all databases of the application. Immutable.
 *
 * @param enabled Whether the data source comes from the registry. If false, Spring Boot configures its own from spring.datasource.*.
 * @param table The registry's DynamoDB table.
 * @param region The table's AWS region. By default the AWS SDK finds it.
 * @param endpointUrl Where DynamoDB answers, if not at the region's address; for local servers and private endpoints.
 * @param profile A profile in the shared AWS configuration files.
 * @param databases Further databases by the name that their @Qualifier has. What one does not set and is not its own (service,
 *     instance, timeouts, bounds, pool), it has from connection-registry.*.
 */
@ConfigurationProperties(DatabaseProperties.PREFIX)
public record RegistryProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("connection-registry") String table,
        @Nullable String region,
        @Nullable String endpointUrl,
        @Nullable String profile,
        @DefaultValue Map<String, DatabaseProperties> databases) {}
