package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the data sources visible: pool metadata, for {@code jdbc.connections.*}, and the actuator endpoint. */
@AutoConfiguration(after = RegistryAutoConfiguration.class)
@ConditionalOnBean(RegistryDataSourceFactory.class)
public class RegistryMonitoringAutoConfiguration {
    @Bean
    @SuppressWarnings("NullAway") // as in PoolMetadata
    DataSourcePoolMetadataProvider registryPoolMetadataProvider() {
        return dataSource ->
                StatusView.registryDataSource(dataSource).map(PoolMetadata::new).orElse(null);
    }

    /** Only if there is an actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    @ConditionalOnAvailableEndpoint(RegistryEndpoint.class)
    static class EndpointConfiguration {
        @Bean
        @ConditionalOnMissingBean
        RegistryEndpoint registryEndpoint(
                ObjectProvider<Map<String, RegistryDataSource>> dataSources,
                Environment environment,
                StatusEvents events) {
            return new RegistryEndpoint(dataSources, ConfiguredDatabases.of(environment), events);
        }
    }
}
