package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool that is of no use is never reported as healthy, and one that is of use keeps its connections. */
class PoolProblemTest {
    private static final String SESSIONS =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults/problem'";

    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    private RegistryDataSource open(LocalPostgres server) {
        registry.put("orders", Servers.settings(server));
        return Sources.on(registry, "problem").heartbeat(Duration.ofMillis(200)).build();
    }

    private InstanceReport report() {
        return registry.fleet(new DatabaseName("orders")).get(0);
    }

    private static void awaitProblem(RegistryDataSource dataSource, String words) {
        awaitStatus(dataSource, status -> status.problem()
                .filter(problem -> problem.contains(words))
                .isPresent());
    }

    @Test
    void aServerThatIsDownIsAProblemOfAnIdlePoolUntilItIsBack() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        try (LogCapture log = LogCapture.ofInfo();
                LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            try (RegistryDataSource dataSource = open(own)) {
                Instant before = Instant.now();
                own.kill();
                awaitStatus(dataSource, status -> status.poolProblem().isPresent());
                PoolProblem problem = dataSource.status().poolProblem().orElseThrow();
                assertThat(problem.cause()).contains("can't connect to 127.0.0.1:" + own.port());
                assertThat(problem.since()).isBetween(before, Instant.now());
                assertThat(dataSource.status().isServing()).isFalse();
                assertThat(dataSource.status().problem())
                        .hasValueSatisfying(text -> assertThat(text).contains(problem.cause()));
                await().until(() -> report().problem().isPresent());
                assertThat(report().problem().orElseThrow().since()).isEqualTo(problem.since());
                assertThat(meters.get("connection.registry.pool.failing")
                                .gauge()
                                .value())
                        .isEqualTo(1);
                assertThat(bean("PoolProblem")).contains("can't connect");
                assertThat(bean("PoolProblemSince")).isEqualTo(problem.since().toString());
                own.startAgain();
                awaitStatus(dataSource, status -> status.problem().isEmpty() && status.isServing());
                await().until(() -> report().problem().isEmpty());
                assertThat(dataSource.status().generation()).isEqualTo(1);
            }
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("no connection can be opened"))
                    .hasSize(1);
            assertThat(log.at(Level.INFO))
                    .filteredOn(line -> line.contains("connections can be opened again"))
                    .hasSize(1);
        } finally {
            Metrics.removeRegistry(meters);
        }
    }

    private static String bean(String attribute) throws Exception {
        var server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = server.queryNames(new ObjectName("dev.connectionregistry:type=RegistryDataSource,*"), null)
                .iterator()
                .next();
        return String.valueOf(server.getAttribute(name, attribute));
    }

    /** As for the fleet of a second name on the same Postgres database, whose own settings know nothing of a cutover. */
    @Test
    void behindAFenceThatIsNotItsOwnItSaysSo() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            try (RegistryDataSource dataSource = open(own)) {
                own.execute("postgres", "ALTER DATABASE orders SET default_transaction_read_only = on", SESSIONS);
                awaitProblem(dataSource, "is read-only; the settings want a primary");
                assertThat(dataSource.status().isServing()).isFalse();
                own.execute("postgres", "ALTER DATABASE orders RESET default_transaction_read_only");
                awaitStatus(dataSource, status -> status.problem().isEmpty() && status.isServing());
            }
        }
    }

    @Test
    void aServerThatTurnsReadOnlyGetsItsConnectionsBackAndIsAProblem() throws Exception {
        try (LocalPostgres own = LocalPostgres.start(17)) {
            Servers.prepare(own);
            try (RegistryDataSource dataSource = open(own)) {
                Set<Integer> before = backends(dataSource, 2);
                own.execute(
                        "postgres", "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
                await().until(() -> writeIsRefused(dataSource));
                awaitProblem(dataSource, "is read-only; the settings want a primary");
                await().until(() -> Servers.sessions(own, "faults/problem") == 0);
                own.execute(
                        "postgres",
                        "SET default_transaction_read_only = off",
                        "ALTER SYSTEM RESET default_transaction_read_only",
                        "SELECT pg_reload_conf()");
                awaitStatus(dataSource, status -> status.problem().isEmpty() && status.isServing());
                assertThat(backends(dataSource, 2)).doesNotContainAnyElementsOf(before);
            }
        }
    }

    private static boolean writeIsRefused(RegistryDataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO writes (id) VALUES (gen_random_uuid()::text)");
            return false;
        } catch (SQLException e) {
            return "25006".equals(e.getSQLState());
        }
    }

    @Test
    void tenAccidentalWritesInReadOnlyTransactionsKeepTheSameTenBackends() throws Exception {
        ConnectionSettings settings = Servers.settings(Servers.first());
        registry.put(
                "orders", settings.withPool(settings.pool().withMaximumSize(10).withMinimumIdle(10)));
        try (RegistryDataSource dataSource = Sources.on(registry, "problem")
                .heartbeat(Duration.ofMillis(200))
                .build()) {
            Set<Integer> before = backends(dataSource, 10);
            for (int i = 0; i < 10; i++) {
                try (Connection connection = dataSource.getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    connection.setReadOnly(true);
                    assertThatThrownBy(() -> statement.execute("INSERT INTO writes (id) VALUES ('slip')"))
                            .hasMessageContaining("read-only transaction");
                    assertThat(connection.isClosed()).isFalse();
                }
            }
            long asked = report().sequence();
            await().until(() -> report().sequence() > asked + 2);
            assertThat(backends(dataSource, 10)).isEqualTo(before);
            assertThat(dataSource.status().problem()).isEmpty();
        }
        Sources.awaitNoSession(Servers.first(), "problem");
    }

    private static Set<Integer> backends(RegistryDataSource dataSource, int count) throws SQLException {
        Set<Integer> backends = new TreeSet<>();
        List<Connection> borrowed = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Connection connection = dataSource.getConnection();
                borrowed.add(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
                    row.next();
                    backends.add(row.getInt(1));
                }
            }
        } finally {
            for (Connection each : borrowed) {
                each.close();
            }
        }
        return backends;
    }
}
