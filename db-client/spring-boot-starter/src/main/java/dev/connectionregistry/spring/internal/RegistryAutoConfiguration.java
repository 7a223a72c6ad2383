package dev.connectionregistry.spring.internal;

import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.RegistryProperties;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Defines the data sources before Spring Boot configures its own. */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(prefix = DatabaseProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(RegistryProperties.class)
@Import(RegistryDataSourceRegistrar.class)
public class RegistryAutoConfiguration {
    /** The table; replaced by the application's own {@code SettingsRegistry}, such as an in-memory one in tests. */
    @Bean
    @Lazy // not needed if a JdbcConnectionDetails bean replaces it
    @ConditionalOnMissingBean(SettingsRegistry.class)
    DynamoDbSettingsRegistry settingsRegistry(
            RegistryProperties properties,
            ObjectProvider<DynamoDbClient> clients,
            ObjectProvider<AwsCredentialsProvider> credentials) {
        DynamoDbClient client = clients.getIfUnique();
        if (client != null) {
            return new DynamoDbSettingsRegistry(client, properties.table());
        }
        TableLocation location = TableLocation.of(properties.table());
        location = Optional.ofNullable(properties.region())
                .map(location::withRegion)
                .orElse(location);
        location = Optional.ofNullable(properties.endpointUrl())
                .map(location::withEndpointUrl)
                .orElse(location);
        location = Optional.ofNullable(properties.profile())
                .map(location::withProfile)
                .orElse(location);
        AwsCredentialsProvider given = credentials.getIfUnique();
        return given == null || properties.profile() != null
                ? DynamoDbSettingsRegistry.open(location)
                : DynamoDbSettingsRegistry.open(location, given);
    }

    @Bean(RegistryDataSourceRegistrar.FACTORY)
    RegistryDataSourceFactory registryDataSourceFactory(
            Environment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<SettingsRegistry> registry,
            ObjectProvider<StatedConnection.Source> stated,
            StatusEvents events) {
        return new RegistryDataSourceFactory(
                ConfiguredDatabases.of(environment), environment, beans, registry, stated, events);
    }

    @Bean
    StatusEvents registryStatusEvents(ConfigurableApplicationContext context) {
        return new StatusEvents(context);
    }
}
