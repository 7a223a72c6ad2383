package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.ClassUtils;

/** An application whose test, or Docker Compose, brings a server: by a {@code JdbcConnectionDetails} bean, as {@code @ServiceConnection} makes one. */
class ConnectionDetailsTest {
    /** In Spring Boot 3.5, and from 4 on. */
    private static final Class<?> DETAILS = Stream.of(
                    "org.springframework.boot.autoconfigure.jdbc.JdbcConnectionDetails",
                    "org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails")
            .filter(name -> ClassUtils.isPresent(name, ConnectionDetailsTest.class.getClassLoader()))
            .map(name -> ClassUtils.resolveClassName(name, ConnectionDetailsTest.class.getClassLoader()))
            .findFirst()
            .orElseThrow();

    @TempDir
    private Path folder = Path.of("");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    /** As in production, with a registry, bounds and a snapshot, of which a test has none. */
    private ApplicationContextRunner application(String url) {
        return application(DETAILS, url)
                .withUserConfiguration(Plain.class)
                .withPropertyValues(
                        "spring.application.name=checkout",
                        "connection-registry.database=orders",
                        "connection-registry.allow-endpoints=*.internal:5432",
                        "connection-registry.allow-secrets=secretsmanager:orders/*",
                        "connection-registry.require-tls=verify-full",
                        "connection-registry.pool.maximum-size=3",
                        "connection-registry.migration.username=schema_owner",
                        "connection-registry.migration.password-ref=secretsmanager:orders/owner",
                        "connection-registry.snapshot=" + folder.resolve("orders.json"));
    }

    private static <T> ApplicationContextRunner application(Class<T> type, String url) {
        return new ApplicationContextRunner()
                .withBean(
                        type,
                        () -> type.cast(Proxy.newProxyInstance(
                                type.getClassLoader(),
                                new Class<?>[] {type},
                                (self, method, arguments) -> switch (method.getName()) {
                                    case "getJdbcUrl" -> url;
                                    case "getUsername" -> "app";
                                    case "getPassword" -> Servers.PASSWORD;
                                    case "toString" -> "the details of a container";
                                    case "hashCode" -> System.identityHashCode(self);
                                    case "equals" -> self == arguments[0];
                                    default -> null;
                                })));
    }

    private static String url() {
        return "jdbc:postgresql://127.0.0.1:" + Servers.second().port() + "/orders?loggerLevel=OFF&sslmode=disable";
    }

    @Test
    void theDataSourceIsTheApplicationsAndOnThatServer() {
        try (LogCapture log = LogCapture.ofInfo()) {
            application(url()).run(application -> {
                assertThat(application).hasNotFailed();
                RegistryDataSource dataSource = application.getBean(RegistryDataSource.class);
                assertThat(application.getBean(DataSource.class)).isSameAs(dataSource);
                assertThat(dataSource.status().pool().maximumSize()).isEqualTo(3);
                assertThat(application.getBean(JdbcTemplate.class).queryForObject(StarterTest.MAJOR, Integer.class))
                        .isEqualTo(18);
                assertThat(Files.exists(folder.resolve("orders.json"))).isFalse();
            });
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("orders does not follow the registry", "JdbcConnectionDetails", "as app")
                    .doesNotContain(Servers.PASSWORD);
        }
    }

    @Test
    void migrationsRunThereAsTheContainersRole() throws Exception {
        Servers.second()
                .execute(
                        "orders",
                        "DROP SCHEMA IF EXISTS contained CASCADE",
                        "CREATE SCHEMA contained AUTHORIZATION app");
        Files.writeString(folder.resolve("V1__items.sql"), "CREATE TABLE contained.items (id int PRIMARY KEY);");
        application(url())
                .withPropertyValues(
                        "spring.flyway.enabled=true",
                        "spring.flyway.locations=filesystem:" + folder,
                        "spring.flyway.default-schema=contained")
                .run(application -> assertThat(application
                                .getBean(JdbcTemplate.class)
                                .queryForObject(
                                        "SELECT tableowner FROM pg_tables WHERE schemaname = 'contained' AND tablename = 'items'",
                                        String.class))
                        .isEqualTo("app"));
    }

    @Test
    void detailsOfAnotherKindOfDatabaseAreNamedWithoutWhatMayBeSecret() {
        application("jdbc:h2:mem:test?password=hush").run(application -> assertThat(
                        Analyses.of(application.getStartupFailure()).getDescription())
                .contains("names jdbc:h2:mem:test as app", "connection-registry.enabled=false")
                .doesNotContain("hush"));
    }
}
