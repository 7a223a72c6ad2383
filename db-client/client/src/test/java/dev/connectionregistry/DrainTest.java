package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Background;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was begun on the source ends there: by itself within the grace, or by force, proven, counted and reported. */
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), "drain");
        Sources.awaitNoSession(Servers.second(), "drain");
    }

    private static ConnectionSettings with(Duration grace, Endpoint endpoint) {
        ConnectionSettings settings = Servers.settings(endpoint);
        return settings.withPool(settings.pool().withDrainGrace(grace));
    }

    private RegistryDataSource onFirst() {
        registry.put("orders", Servers.settings(Servers.first()));
        return Sources.on(registry, "drain").build();
    }

    private void moveToSecond(RegistryDataSource dataSource, Duration grace) {
        long version = registry.put("orders", with(grace, Servers.endpoint(Servers.second())))
                .version();
        awaitVersion(dataSource, version);
    }

    private static void write(Connection connection, String id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO writes (id) VALUES ('" + id + "')");
        }
    }

    private static boolean isOnFirst(String id) throws SQLException {
        try (Connection connection = Servers.first().connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM writes WHERE id = '" + id + "'")) {
            return row.next();
        }
    }

    private static CompletableFuture<Throwable> failureOf(Connection connection, String sql) {
        return Background.supply(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return new AssertionError("it was not cut");
            } catch (SQLException e) {
                return e;
            }
        });
    }

    @Test
    @SuppressWarnings("try") // given back early
    void aTransactionIsFinishedWhereItBegan() throws Exception {
        try (RegistryDataSource dataSource = onFirst();
                Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            write(connection, "before-the-move");
            moveToSecond(dataSource, LONG);
            write(connection, "after-the-move");
            connection.commit();
            assertThat(isOnFirst("before-the-move") && isOnFirst("after-the-move"))
                    .isTrue();
            connection.close();
            Sources.awaitNoSession(Servers.first(), "drain");
            assertThat(dataSource.status().cutConnections()).isZero();
        }
    }

    @Test
    void anAutocommitStatementIsFinishedWhereItBegan() throws Exception {
        try (RegistryDataSource dataSource = onFirst();
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Boolean> running = Background.supply(() -> {
                try {
                    return statement.execute(
                            "INSERT INTO writes (id) SELECT 'slow-statement' FROM (SELECT pg_sleep(1)) AS slow");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            moveToSecond(dataSource, LONG);
            assertThat(running.get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(isOnFirst("slow-statement")).isTrue();
        }
    }

    @Test
    @SuppressWarnings("try") // given back early
    void aStatementThatOutlivesTheGraceIsCancelledAndDoesNotCommit() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = onFirst();
                Connection connection = dataSource.getConnection()) {
            CompletableFuture<Throwable> failure = failureOf(
                    connection, "INSERT INTO writes (id) SELECT 'cancelled' FROM (SELECT pg_sleep(60)) AS slow");
            moveToSecond(dataSource, SHORT);
            assertThat(failure.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            connection.close();
            Sources.awaitNoSession(Servers.first(), "drain");
            assertThat(isOnFirst("cancelled")).isFalse();
            awaitCut(dataSource, 1);
            await().until(() ->
                    log.everything().toString().contains("ended 1 connection(s): 1 cancelled, 0 terminated, 0"));
        }
    }

    @Test
    void aTransactionLeftOpenIsTerminatedAndDoesNotCommit() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = onFirst();
                Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            write(connection, "left-open");
            moveToSecond(dataSource, SHORT);
            Sources.awaitNoSession(Servers.first(), "drain");
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(isOnFirst("left-open")).isFalse();
            awaitCut(dataSource, 1);
            await().until(() ->
                    log.everything().toString().contains("ended 1 connection(s): 0 cancelled, 1 terminated, 0"));
        }
    }

    /** Said at once, not with the next heartbeat. */
    private void awaitCut(RegistryDataSource dataSource, long count) {
        awaitStatus(dataSource, status -> status.cutConnections() == count);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> registry.fleet(new DatabaseName("orders")).get(0).cutConnections() == count);
    }

    @Test
    void whatIsLeftIsAlsoTerminatedOnAServerThatNoLongerTakesWrites() throws Exception {
        try (RegistryDataSource dataSource = onFirst();
                LogCapture log = LogCapture.ofInfo();
                Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            write(connection, "fenced");
            Servers.first().execute("postgres", "ALTER DATABASE orders SET default_transaction_read_only = on");
            try {
                moveToSecond(dataSource, SHORT);
                awaitCut(dataSource, 1);
            } finally {
                Servers.first().execute("postgres", "ALTER DATABASE orders RESET default_transaction_read_only");
            }
            await().until(() ->
                    log.everything().toString().contains("ended 1 connection(s): 0 cancelled, 1 terminated, 0"));
            assertThat(isOnFirst("fenced")).isFalse();
        }
    }

    @Test
    void aSourceOutOfReachIsReportedAsInDoubtInBoundedTime() throws Exception {
        try (TcpGate gate = TcpGate.to("127.0.0.1", Servers.first().port());
                LogCapture log = LogCapture.ofInfo()) {
            registry.put("orders", with(SHORT, new Endpoint(gate.host(), gate.port(), "orders")));
            try (RegistryDataSource dataSource = Sources.on(registry, "drain").build()) {
                List<CompletableFuture<Throwable>> stuck = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    stuck.add(failureOf(dataSource.getConnection(), "SELECT pg_sleep(5)"));
                }
                gate.hang();
                long before = System.nanoTime();
                moveToSecond(dataSource, SHORT);
                awaitCut(dataSource, 8);
                for (CompletableFuture<Throwable> each : stuck) {
                    assertThat(each.get(10, TimeUnit.SECONDS)).isInstanceOf(SQLException.class);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(18));
                assertThat(log.warnings()).anyMatch(line -> line.contains("8 session(s)") && line.contains("in doubt"));
                assertThat(dataSource.status().lastProblem())
                        .hasValueSatisfying(text -> assertThat(text).contains("8", "in doubt"));
            }
        }
    }

    @Test
    void aConnectionBorrowedBeforeTheMoveGoesAwayWhenItIsReturned() throws Exception {
        try (RegistryDataSource dataSource = onFirst()) {
            Connection connection = dataSource.getConnection();
            moveToSecond(dataSource, LONG);
            assertThat(Servers.major(connection)).isEqualTo(17);
            assertThat(Servers.sessions(Servers.first(), "faults/drain")).isPositive();
            connection.close();
            Sources.awaitNoSession(Servers.first(), "drain");
            try (Connection next = dataSource.getConnection()) {
                assertThat(Servers.major(next)).isEqualTo(18);
            }
        }
    }
}
