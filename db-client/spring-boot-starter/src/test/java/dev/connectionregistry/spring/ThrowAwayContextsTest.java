package dev.connectionregistry.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.ThrowAwayLoaders;
import io.micrometer.core.instrument.Metrics;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** Applications that a container starts and stops, each with a class loader of its own, and in each many contexts. */
@Tag("storm")
@Timeout(600)
class ThrowAwayContextsTest {
    private static final int CONTEXTS = 4;
    private static final int DATABASES = 10;

    /** What runs in each loader, given the server; public, since it is called from another. */
    public static final class Application implements Consumer<String> {
        @Override
        public void accept(String endpoint) {
            for (int i = 0; i < CONTEXTS; i++) {
                runContext(endpoint);
            }
            assertThat(Metrics.globalRegistry.getMeters())
                    .noneMatch(meter -> meter.getId().getName().matches("(connection[.]registry|hikaricp)[.].*"));
            assertThat(beans()).isZero();
            ThrowAwayLoaders.deregisterDrivers();
        }

        private void runContext(String endpoint) {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Beans.class)
                    .bannerMode(Banner.Mode.OFF)
                    .web(WebApplicationType.NONE)
                    .registerShutdownHook(false) // as under a container
                    .properties(properties(endpoint).toArray(String[]::new))
                    .run()) {
                for (RegistryDataSource dataSource :
                        context.getBeansOfType(RegistryDataSource.class).values()) {
                    try (Connection connection = dataSource.getConnection()) {
                        assertThat(connection.isValid(5)).isTrue();
                    }
                }
                assertThat(context.getBean(JdbcTemplate.class).queryForObject("SELECT 1", Integer.class))
                        .isOne();
                assertThat(Metrics.globalRegistry
                                .find("hikaricp.connections.acquire")
                                .timers())
                        .hasSize(DATABASES);
                assertThat(beans()).isPositive();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static List<String> properties(String endpoint) {
            List<String> properties = new ArrayList<>(List.of(
                    "spring.application.name=checkout", "connection-registry.database=orders-0", "server=" + endpoint));
            IntStream.range(1, DATABASES)
                    .forEach(
                            i -> properties.add("connection-registry.databases.orders-" + i + ".database=orders-" + i));
            return properties;
        }

        private static int beans() {
            try {
                return ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("dev.connectionregistry:*"), null)
                        .size();
            } catch (MalformedObjectNameException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Beans {
        @Bean
        InMemoryRegistry registry(Environment environment) {
            InMemoryRegistry registry = new InMemoryRegistry();
            ConnectionSettings settings = ConnectionSettings.of(
                            Endpoint.parse(environment.getRequiredProperty("server")),
                            "app",
                            SecretRef.parse("x-here:password"))
                    .withPool(PoolSettings.DEFAULT.withMaximumSize(1).withMinimumIdle(1));
            IntStream.range(0, DATABASES).forEach(i -> registry.put("orders-" + i, settings));
            return registry;
        }

        @Bean
        SecretResolver secrets() {
            return new SecretResolver() {
                @Override
                public String scheme() {
                    return "x-here";
                }

                @Override
                public Secret resolve(SecretRequest request) {
                    return new Secret(Servers.PASSWORD);
                }
            };
        }
    }

    @Test
    void nothingRemainsOfTwoHundredDataSourcesAlthoughTheirCallersLiveOn() throws Exception {
        ThrowAwayLoaders.requireNothingRemains(
                Application.class, Servers.endpoint(Servers.first()).toString());
    }
}
