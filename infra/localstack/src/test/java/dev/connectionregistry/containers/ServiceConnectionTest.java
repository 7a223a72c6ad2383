package dev.connectionregistry.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.testing.Leftovers;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A Spring Boot application in a test of its team: with the properties of production, and a container in the place of the registry. */
@OnContainers
final class ServiceConnectionTest {
    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        /** Spring Boot starts and stops it, so it isn't the one that other tests share. */
        @Bean
        @ServiceConnection
        PostgreSQLContainer postgres() {
            return new PostgreSQLContainer(Containers.NEW_POSTGRES).withDatabaseName("shop");
        }
    }

    @Test
    void theDataSourceIsOnTheContainer() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "spring.application.name=checkout",
                        "connection-registry.database=orders",
                        "connection-registry.allow-endpoints=*.internal:5432")
                .run(application -> {
                    assertThat(application).hasNotFailed();
                    assertThat(application.getBean(DataSource.class)).isInstanceOf(RegistryDataSource.class);
                    assertThat(application
                                    .getBean(JdbcTemplate.class)
                                    .queryForObject(
                                            "SELECT current_database() || ' ' || current_setting('server_version_num')::int / 10000",
                                            String.class))
                            .isEqualTo("shop 17");
                });
    }
}
