package dev.connectionregistry.spring.internal.boot4;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.spring.internal.RegistryAutoConfiguration;
import dev.connectionregistry.spring.internal.StatusView;
import dev.connectionregistry.status.DataSourceStatus;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Health that reads the status instead of borrowing a connection, which would wait during a hold: {@code db}, which
 * replaces Spring Boot's own, and {@code connectionRegistry}, which is DOWN only before the first pool and after the
 * close.
 */
@AutoConfiguration(
        after = RegistryAutoConfiguration.class,
        beforeName = "org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration")
@ConditionalOnClass(
        name = {
            "org.springframework.boot.health.contributor.HealthContributor",
            "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
        })
@ConditionalOnBean(RegistryDataSource.class)
public class HealthAutoConfiguration {
    @Bean
    @ConditionalOnEnabledHealthIndicator("db")
    @ConditionalOnMissingBean(name = {"dbHealthIndicator", "dbHealthContributor"})
    HealthContributor dbHealthContributor(Map<String, DataSource> dataSources) {
        return contributor(dataSources, StatusView::isDatabaseUp);
    }

    @Bean
    @ConditionalOnEnabledHealthIndicator("connectionregistry")
    @ConditionalOnMissingBean(name = {"connectionRegistryHealthIndicator", "connectionRegistryHealthContributor"})
    HealthContributor connectionRegistryHealthContributor(Map<String, RegistryDataSource> dataSources) {
        return contributor(dataSources, StatusView::isReady);
    }

    private static HealthContributor contributor(
            Map<String, ? extends DataSource> dataSources, Predicate<DataSourceStatus> isUp) {
        return dataSources.size() == 1
                ? indicator(dataSources.values().iterator().next(), isUp)
                : CompositeHealthContributor.fromMap(dataSources, each -> indicator(each, isUp));
    }

    /** For a data source that isn't the registry's, uses Spring Boot's own indicator. */
    private static HealthIndicator indicator(DataSource dataSource, Predicate<DataSourceStatus> isUp) {
        Optional<RegistryDataSource> registry = StatusView.registryDataSource(dataSource);
        return registry.isPresent()
                ? () -> health(registry.get().status(), isUp)
                : new DataSourceHealthIndicator(dataSource);
    }

    private static Health health(DataSourceStatus status, Predicate<DataSourceStatus> isUp) {
        return (isUp.test(status) ? Health.up() : Health.down())
                .withDetails(StatusView.details(status))
                .build();
    }
}
