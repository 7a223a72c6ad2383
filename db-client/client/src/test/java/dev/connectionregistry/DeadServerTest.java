package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import dev.connectionregistry.testing.WatchedRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source dies instead of being moved. */
class DeadServerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.second(), "dead");
    }

    private static ConnectionSettings settings(Endpoint endpoint) {
        ConnectionSettings settings = Servers.settings(endpoint);
        return settings.withPool(settings.pool()
                .withMaximumSize(2)
                .withConnectionTimeout(TIMEOUT)
                .withDrainGrace(Duration.ofMillis(300)));
    }

    /** Callers wait on the exhausted pool of a server that dies; then the registry names another one. */
    private void waitingCallersAreServed(Endpoint old, Runnable death) throws Exception {
        registry.put("orders", settings(old));
        try (RegistryDataSource dataSource = Sources.on(registry, "dead").build();
                Connection first = dataSource.getConnection();
                Connection second = dataSource.getConnection()) {
            List<CompletableFuture<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiting.add(Background.supply(() -> majorOfOneBorrowed(dataSource)));
            }
            await().until(() -> dataSource.status().pool().waiting() > 0);
            death.run();
            registry.put("orders", settings(Servers.endpoint(Servers.second())));
            awaitVersion(dataSource, 2);
            for (CompletableFuture<Integer> each : waiting) {
                assertThat(each.get(3, TimeUnit.SECONDS)).isEqualTo(18);
            }
            assertThat(List.of(first, second)).doesNotContainNull();
        }
    }

    private static int majorOfOneBorrowed(RegistryDataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return Servers.major(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itIsFrozen() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            waitingCallersAreServed(Servers.endpoint(own), own::pause);
        }
    }

    @Test
    void itIsKilled() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            waitingCallersAreServed(Servers.endpoint(own), own::kill);
        }
    }

    @Test
    void theNetworkSwallowsEverything() throws Exception {
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.first().port())) {
            waitingCallersAreServed(new Endpoint(gate.host(), gate.port(), "orders"), gate::hang);
        }
        Sources.awaitNoSession(Servers.first(), "dead");
    }

    @Test
    void aFailingStatementMakesItReadTheRegistryAtOnce() throws Exception {
        ConnectionSettings hourly = Servers.settings(Servers.first()).withPolling(Polling.every(Duration.ofHours(1)));
        registry.put("orders", hourly);
        try (RegistryDataSource dataSource = Sources.on(registry, "dead").build();
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            registry.put("orders", Servers.settings(Servers.second()));
            Servers.first()
                    .execute(
                            "orders",
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults/dead'");
            assertThat(failure(statement).getSQLState()).isIn("57P01", "08006");
            awaitVersion(dataSource, 2);
        }
    }

    @Test
    void aStatementRefusedForBeingAWriteMakesItReadTheRegistryAtOnce() throws Exception {
        ConnectionSettings hourly = Servers.settings(Servers.first()).withPolling(Polling.every(Duration.ofHours(1)));
        registry.put("orders", hourly);
        try (RegistryDataSource dataSource = Sources.on(registry, "dead").build();
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            registry.put("orders", hourly.withPolling(Polling.every(Duration.ofMillis(100))));
            statement.execute("SET default_transaction_read_only = on");
            assertThatThrownBy(() -> statement.execute("INSERT INTO writes (id) VALUES ('refused')"))
                    .hasMessageContaining("read-only transaction");
            awaitVersion(dataSource, 2);
        }
        Sources.awaitNoSession(Servers.first(), "dead");
    }

    @Test
    void itComesBackWhereItWas() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            registry.put("orders", settings(Servers.endpoint(own)));
            try (RegistryDataSource dataSource = Sources.on(registry, "dead").build()) {
                Connection first = dataSource.getConnection();
                Connection second = dataSource.getConnection();
                CompletableFuture<Integer> waiting = Background.supply(() -> majorOfOneBorrowed(dataSource));
                await().until(() -> dataSource.status().pool().waiting() > 0);
                own.kill();
                assertThat(failure(first.createStatement()).getSQLState()).isIn("57P01", "08006");
                assertThat(failure(second.createStatement()).getSQLState()).isIn("57P01", "08006");
                first.close();
                second.close();
                own.startAgain();
                assertThat(waiting.get(15, TimeUnit.SECONDS)).isEqualTo(17);
                assertThat(dataSource.status().generation()).isEqualTo(1);
            }
        }
    }

    private static SQLException failure(Statement statement) {
        try {
            statement.execute("SELECT 1");
            throw new AssertionError("the statement should have failed");
        } catch (SQLException e) {
            return e;
        }
    }

    @Test
    @SuppressWarnings("try") // given back early
    void failuresToConnectMakeItReadTheRegistryAtMostOnceASecond() throws Exception {
        WatchedRegistry watched = new WatchedRegistry(registry);
        StubConnector connector = new StubConnector();
        ConnectionSettings hourly =
                settings(new Endpoint("stub", 5432, "orders")).withPolling(Polling.every(Duration.ofHours(1)));
        registry.put("orders", hourly.withPool(hourly.pool().withMinimumIdle(0)));
        try (RegistryDataSource dataSource =
                        Sources.on(watched, "dead").connector(connector).build();
                Connection only = dataSource.getConnection()) {
            long start = System.nanoTime();
            int before = watched.reads();
            connector.refuse("stub", new SQLException("refused", "08001"));
            CompletableFuture<Integer> caller = Background.supply(() -> majorOfOneBorrowed(dataSource));
            await().atMost(Duration.ofSeconds(15)).until(() -> watched.reads() >= before + 3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1900));
            connector.refuse("stub", null);
            only.close();
            await().until(() -> caller.isDone());
        }
    }
}
