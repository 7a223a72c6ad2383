package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be changed without new connections is changed without them. */
class InPlaceTest {
    private static final String SESSIONS = Sources.SERVICE + "/in-place";

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ConnectionSettings settings = Servers.settings(Servers.first());
    private final PoolSettings pool = settings.pool();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), "in-place");
    }

    private RegistryDataSource started() {
        return started(settings);
    }

    private RegistryDataSource started(ConnectionSettings first) {
        registry.put("orders", first);
        return Sources.on(registry, "in-place").build();
    }

    private void apply(RegistryDataSource dataSource, ConnectionSettings changed) {
        long version = registry.put("orders", changed).version();
        awaitStatus(dataSource, status -> status.version() == version);
    }

    private static void awaitSessions(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> Servers.sessions(Servers.first(), SESSIONS) == count);
    }

    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Set<Integer> backends(RegistryDataSource dataSource, int count) throws SQLException {
        List<Connection> borrowed = new ArrayList<>();
        Set<Integer> backends = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(dataSource.getConnection());
            backends.add(backend(borrowed.get(i)));
        }
        for (Connection connection : borrowed) {
            connection.close();
        }
        return backends;
    }

    @Test
    void theIntervalAloneIsAcknowledgedAndThePoolStays() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = started()) {
            Set<Integer> before = backends(dataSource, 2);
            apply(dataSource, settings.withPolling(Polling.every(Duration.ofMillis(70))));
            assertThat(dataSource.status())
                    .returns(1L, DataSourceStatus::generation)
                    .returns(2L, DataSourceStatus::acknowledgedVersion)
                    .returns(Duration.ofMillis(70), DataSourceStatus::pollInterval);
            assertThat(backends(dataSource, 2)).isEqualTo(before);
            assertThat(log.everything())
                    .anyMatch(line -> line.contains("version 2 acknowledged: the pool stays as it is"));
        }
    }

    @Test
    void morePlacesAreThereAtOnce() throws Exception {
        try (RegistryDataSource dataSource = started(settings.withPool(pool.withMaximumSize(1)))) {
            try (Connection only = dataSource.getConnection()) {
                apply(dataSource, settings.withPool(pool.withMaximumSize(6).withMinimumIdle(4)));
                try (Connection another = dataSource.getConnection()) {
                    assertThat(backend(another)).isNotEqualTo(backend(only));
                }
            }
            assertThat(dataSource.status().pool().maximumSize()).isEqualTo(6);
            assertThat(dataSource.status().generation()).isEqualTo(1);
            awaitStatus(dataSource, status -> status.pool().idle() >= 4);
        }
    }

    @Test
    void fewerPlacesMeanFewerSessionsOnTheServer() throws Exception {
        try (RegistryDataSource dataSource = started(settings.withPool(pool.withMinimumIdle(8)))) {
            awaitSessions(8);
            apply(dataSource, settings.withPool(pool.withMaximumSize(2)));
            awaitSessions(2);
            assertThat(backends(dataSource, 2)).hasSize(2);
            assertThat(dataSource.status().generation()).isEqualTo(1);
        }
    }

    @Test
    void fewerPlacesMeanFewerSessionsAlsoWhenAllWereInUse() throws Exception {
        try (RegistryDataSource dataSource = started()) {
            List<Connection> borrowed = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                borrowed.add(dataSource.getConnection());
            }
            apply(dataSource, settings.withPool(pool.withMaximumSize(2)));
            assertThat(backend(borrowed.get(7))).isPositive();
            for (Connection connection : borrowed) {
                connection.close();
            }
            awaitSessions(2);
        }
    }

    @Test
    void timeoutsChangeInPlace() throws Exception {
        try (RegistryDataSource dataSource = started(settings.withPool(pool.withMaximumSize(1)));
                Connection only = dataSource.getConnection()) {
            apply(
                    dataSource,
                    settings.withPool(pool.withMaximumSize(1)
                            .withConnectionTimeout(Duration.ofMillis(300))
                            .withValidationTimeout(Duration.ofMillis(250))
                            .withLifetimes(Duration.ofSeconds(20), Duration.ofMinutes(9), pool.keepaliveTime())));
            long before = System.nanoTime();
            assertThat(catchTimeout(dataSource)).contains("no connection within 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
            assertThat(dataSource.status().generation()).isEqualTo(1);
            assertThat(backend(only)).isPositive();
        }
    }

    private static String catchTimeout(RegistryDataSource dataSource) {
        try (Connection unexpected = dataSource.getConnection()) {
            throw new AssertionError("the pool of one had another: " + unexpected);
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void anotherKeepaliveNeedsANewPool() {
        try (RegistryDataSource dataSource = started()) {
            apply(
                    dataSource,
                    settings.withPool(
                            pool.withLifetimes(pool.idleTimeout(), pool.maxLifetime(), Duration.ofMinutes(5))));
            assertThat(dataSource.status().generation()).isEqualTo(2);
        }
    }

    @Test
    void aPasswordFileChangedInPlaceIsReadForTheNextConnection(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "the-old-one");
        Servers.first().createLogin("rotated", "the-old-one");
        ConnectionSettings rotating = settings.withCredentials("rotated", SecretRef.parse("file:" + file))
                .withPool(pool.withMinimumIdle(0).withConnectionTimeout(Duration.ofSeconds(10)));
        try (RegistryDataSource dataSource = started(rotating);
                Connection before = dataSource.getConnection()) {
            Servers.first().execute("postgres", "ALTER ROLE rotated PASSWORD 'the-new-one'");
            Files.writeString(file, "the-new-one\n");
            try (Connection after = dataSource.getConnection()) {
                assertThat(backend(after)).isNotEqualTo(backend(before));
            }
            assertThat(dataSource.status().generation()).isEqualTo(1);
        }
    }
}
