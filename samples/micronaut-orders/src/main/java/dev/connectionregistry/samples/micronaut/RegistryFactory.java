package dev.connectionregistry.samples.micronaut;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** The data source, and the registry that it follows unless there is another bean of that type, as in a test. */
@Factory
final class RegistryFactory {
    @Singleton
    @Bean(preDestroy = "close")
    @Requires(property = "connection-registry.table")
    DynamoDbSettingsRegistry registry(@Property(name = "connection-registry.table") String table) {
        return DynamoDbSettingsRegistry.open(TableLocation.of(table));
    }

    @Singleton
    @Bean(preDestroy = "close")
    RegistryDataSource dataSource(
            SettingsRegistry registry,
            @Property(name = "connection-registry.database") String database,
            @Property(name = "micronaut.application.name") String service) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database(database)
                .service(service)
                .build();
    }
}
