package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.guice.RegistryDataSourceModule;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToDoubleFunction;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.sql.DataSource;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen from outside, and that looking harms nothing. */
class ObserveTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private RegistryDataSourceBuilder builder() {
        registry.put("orders", stub("host1"));
        return Sources.on(registry, "observe").connector(new StubConnector());
    }

    private static ConnectionSettings stub(String host) {
        return Servers.settings(new Endpoint(host, 5432, "orders"));
    }

    @Test
    void listenersAreToldInOrderAndNeitherASlowNorAThrowingOneDelaysAnything() {
        CountDownLatch blocked = new CountDownLatch(1);
        Queue<DataSourceStatus> told = new ConcurrentLinkedQueue<>();
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = builder()
                        .listener((previous, current) -> Sources.awaitQuietly(blocked))
                        .listener((previous, current) -> {
                            throw new IllegalStateException("a listener's own fault");
                        })
                        .listener((previous, current) -> {
                            throw new NoClassDefFoundError("a listener's class that is missing");
                        })
                        .listener((previous, current) -> {
                            assertThat(told.isEmpty() || told.contains(previous))
                                    .isTrue();
                            told.add(current);
                            threads.add(Thread.currentThread().getName());
                        })
                        .build()) {
            for (int version = 2; version <= 5; version++) {
                registry.put("orders", stub("host" + version));
                awaitVersion(dataSource, version);
            }
            assertThat(told).isEmpty();
            blocked.countDown();
            await().until(() -> told.stream().anyMatch(status -> status.version() == 5));
            assertThat(told).extracting(DataSourceStatus::version).isSorted();
            assertThat(threads).containsOnly("connection-registry-orders-listener");
            assertThat(log.warnings())
                    .as("one for each of the two and each change")
                    .filteredOn(line -> line.contains("a status listener failed"))
                    .hasSizeGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void theBeanShowsTheStatusAndIsGoneAfterwards() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("dev.connectionregistry:type=RegistryDataSource,*");
        try (RegistryDataSource dataSource = builder().build()) {
            ObjectName bean = server.queryNames(name, null).iterator().next();
            assertThat(bean.getKeyProperty("instance")).isEqualTo("\"observe\"");
            assertThat(server.getAttribute(bean, "State")).isEqualTo("ACTIVE");
            assertThat(server.getAttribute(bean, "Endpoint")).isEqualTo("host1:5432/orders");
            assertThat(server.getAttribute(bean, "PollIntervalMillis")).isEqualTo(50L);
            assertThat(server.getAttribute(bean, "MaximumPoolSize")).isEqualTo(8);
            awaitVersion(dataSource, registry.put("orders", stub("host2")).version());
            assertThat(server.getAttribute(bean, "Version")).isEqualTo(2L);
        }
        assertThat(server.queryNames(name, null)).isEmpty();
    }

    @Test
    void aSecondDataSourceOfTheSameNameServesToo() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource first = builder().build();
                RegistryDataSource second = builder().build()) {
            first.getConnection().close();
            second.getConnection().close();
            assertThat(log.warnings()).anyMatch(line -> line.contains("no JMX bean"));
        }
    }

    @Test
    void theFlightRecorderSeesEveryTransition(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("moves.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            try (RegistryDataSource dataSource = builder().build()) {
                awaitVersion(dataSource, registry.put("orders", stub("host2")).version());
            }
            recording.stop();
            recording.dump(file);
        }
        List<String> transitions = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.connectionregistry.GenerationTransition"))
                .map(event -> event.getLong("generation") + " " + event.getString("to"))
                .toList();
        assertThat(transitions).contains("1 ACTIVE", "1 DRAINING", "1 CLOSED", "2 READY", "2 ACTIVE", "2 CLOSED");
    }

    @Test
    void metersShowTheStatusAndAreGoneAfterwards() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        try {
            try (RegistryDataSource dataSource = builder().build()) {
                awaitVersion(dataSource, registry.put("orders", stub("host2")).version());
                assertThat(meters.get("connection.registry.version")
                                .tags("database", "orders", "service", "faults", "instance", "observe")
                                .gauge()
                                .value())
                        .isEqualTo(2);
                assertThat(meters.get("connection.registry.pool.max").gauge().value())
                        .isEqualTo(8);
            }
            assertThat(meters.getMeters()).isEmpty();
        } finally {
            Metrics.removeRegistry(meters);
        }
    }

    /** As one that allows no second meter of a name with other tags. */
    @Test
    void aMeterRegistryThatThrowsHarmsNothing() throws Exception {
        SimpleMeterRegistry broken = new SimpleMeterRegistry() {
            @Override
            protected <T> Gauge newGauge(Meter.Id id, @Nullable T of, ToDoubleFunction<T> value) {
                throw new IllegalArgumentException("there is already a meter of this name");
            }
        };
        Metrics.addRegistry(broken);
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = builder().build()) {
            dataSource.getConnection().close();
            assertThat(log.warnings()).anyMatch(line -> line.contains("already a meter of this name"));
        } finally {
            Metrics.removeRegistry(broken);
        }
    }

    @Test
    void guiceInjectsOneDataSource() {
        Injector injector = Guice.createInjector(RegistryDataSourceModule.of(builder()));
        try (RegistryDataSource dataSource = injector.getInstance(RegistryDataSource.class)) {
            assertThat(injector.getInstance(DataSource.class)).isSameAs(dataSource);
            assertThat(dataSource.status().isServing()).isTrue();
        }
    }

    @Test
    void guiceModulesStateBounds() {
        RegistryDataSourceModule bounded = RegistryDataSourceModule.of(Sources.on(registry, "observe"))
                .allowEndpoints("*.internal:5432")
                .allowSecrets("env:ORDERS_*")
                .requireTls(Tls.VERIFY_FULL)
                .allowDriverProperties("sslfactory=com.example.Factory");
        registry.put(
                "orders",
                Servers.settings(new Endpoint("db.example", 5432, "orders"))
                        .withCredentials("app", SecretRef.parse("env:OTHER"))
                        .withProperties(Map.of("sslfactory", "com.example.Other")));
        assertThatThrownBy(() -> Guice.createInjector(bounded).getInstance(RegistryDataSource.class))
                .rootCause()
                .hasMessageContainingAll(
                        "endpoint db.example:5432/orders is not one of those allowed: [*.internal:5432]",
                        "env:OTHER",
                        "[env:ORDERS_*]",
                        "required is verify-full",
                        "sslfactory");
        assertThatThrownBy(() -> Guice.createInjector(
                                RegistryDataSourceModule.of(builder()).allowEndpoints())
                        .getInstance(RegistryDataSource.class))
                .rootCause()
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("allowEndpoints");
    }

    @Test
    void aStartWithoutBoundsSaysHowToStateThem() {
        String line =
                "orders: the settings may name any server; allowEndpoints(...) or REGISTRY_ALLOW_ENDPOINTS limits them to"
                        + " yours (docs/security.md)";
        try (LogCapture log = LogCapture.ofInfo()) {
            builder().build().close();
            assertThat(log.at(Level.INFO)).containsOnlyOnce(line);
        }
        try (LogCapture log = LogCapture.ofInfo()) {
            builder().allowEndpoints("*:*").build().close();
            assertThat(log.at(Level.INFO)).doesNotContain(line);
        }
    }

    @Test
    void theBuilderNamesAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> RegistryDataSource.builder()
                        .service("no good")
                        .startTimeout(Duration.ZERO)
                        .heartbeat(Duration.ofDays(1))
                        .build())
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContainingAll(
                        "registry is not set", "database is not set", "'no good'", "start timeout", "heartbeat");
        assertThatThrownBy(() -> RegistryDataSourceBuilder.fromEnvironment(java.util.Map.of("REGISTRY_TABLE", "x")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContainingAll("REGISTRY_DATABASE", "REGISTRY_SERVICE", "table name 'x'");
    }
}
