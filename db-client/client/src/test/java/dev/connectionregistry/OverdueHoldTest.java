package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A coordinator fences the source and dies: what callers get until somebody takes over. Real servers, one connection. */
class OverdueHoldTest {
    /** Not the database that other tests use: this one gets fenced. */
    private static final String FENCED = "overdue";

    private static final String INSTANCE = "overdue";
    private static final Change CHANGE = new Change("op", Instant.EPOCH, "");

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Transition prepare =
            new Transition("c-1", Transition.Phase.PREPARE, settings(Servers.second()), Duration.ofSeconds(1));
    private VersionedSettings current = registry.put("orders", settings(Servers.first()));

    @BeforeAll
    static void createDatabases() throws SQLException {
        for (LocalPostgres server : new LocalPostgres[] {Servers.first(), Servers.second()}) {
            server.execute("postgres", "DROP DATABASE IF EXISTS " + FENCED); // when this test runs again
            server.createDatabase(FENCED);
            server.execute(FENCED, "CREATE TABLE taken (who text)", "GRANT ALL ON taken TO app");
        }
    }

    @BeforeEach
    void lowerTheFence() throws SQLException {
        unfence();
    }

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), INSTANCE);
        Sources.awaitNoSession(Servers.second(), INSTANCE);
    }

    private static ConnectionSettings settings(LocalPostgres server) {
        ConnectionSettings settings = Servers.settings(new Endpoint("127.0.0.1", server.port(), FENCED));
        return settings.withPool(settings.pool().withMaximumSize(1).withMinimumIdle(1))
                .withProperties(Map.of("readOnlyMode", "always"));
    }

    private void write(VersionedSettings next) {
        registry.write(next);
        current = next;
    }

    private static void fence() throws SQLException {
        Servers.first()
                .execute(
                        "postgres",
                        "ALTER DATABASE " + FENCED + " SET default_transaction_read_only = on",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + FENCED + "'");
    }

    /** Only what a person would do by hand: sessions that began under the fence go on. */
    private static void unfence() throws SQLException {
        Servers.first().execute("postgres", "ALTER DATABASE " + FENCED + " RESET default_transaction_read_only");
    }

    private RegistryDataSource leftBehindTheFence() throws SQLException {
        RegistryDataSource dataSource = Sources.on(registry, INSTANCE).build();
        write(current.nextIn(prepare, CHANGE));
        awaitStatus(dataSource, status -> status.state() == InstanceState.READY);
        write(current.nextIn(prepare.in(Transition.Phase.HOLD), CHANGE));
        awaitStatus(dataSource, status -> status.state() == InstanceState.HELD);
        fence();
        return dataSource;
    }

    private static void awaitReadsOnly(RegistryDataSource dataSource) {
        awaitStatus(dataSource, status -> status.problem()
                .filter(text -> text.contains("reads only"))
                .isPresent());
    }

    private static int read(RegistryDataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void take(RegistryDataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setReadOnly(true); // as frameworks do
            connection.setReadOnly(false);
            statement.execute("INSERT INTO taken VALUES ('" + INSTANCE + "')");
        }
    }

    private static void assertRefused(RegistryDataSource dataSource) {
        assertThatThrownBy(() -> take(dataSource))
                .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                        .isEqualTo("25006"))
                .hasMessageContaining("read-only transaction");
    }

    @Test
    void theSourceIsReadUntilTheCutoverIsUndoneAndThenWrittenTo() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = leftBehindTheFence()) {
            int session = read(dataSource, "SELECT pg_backend_pid()");
            awaitReadsOnly(dataSource);
            assertRefused(dataSource);
            assertRefused(dataSource);
            assertThat(read(dataSource, "SELECT pg_backend_pid()"))
                    .as("refused writes don't cost those who read their connection")
                    .isEqualTo(session);
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("reads only, writes fail with SQLState 25006"))
                    .singleElement()
                    .asString()
                    .contains("cutover resume", "cutover abort");

            unfence();
            write(current.next(current.settings(), CHANGE));
            awaitStatus(
                    dataSource,
                    status -> status.state() == InstanceState.ACTIVE
                            && status.problem().isEmpty());
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsMatching(OverdueHoldTest::isReadOnly)
                    .untilAsserted(() -> take(dataSource));
            assertThat(read(dataSource, "SELECT pg_backend_pid()")).isNotEqualTo(session);
            assertThat(read(dataSource, "SELECT current_setting('server_version_num')::int / 10000"))
                    .isEqualTo(17);
        }
    }

    @Test
    void aFenceThatWasLiftedWithoutAWordInTheSettingsIsSeenByTheNextSession() throws Exception {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = leftBehindTheFence()) {
            awaitReadsOnly(dataSource);
            unfence();
            Servers.first()
                    .execute(
                            "postgres",
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + FENCED + "'");
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(SQLException.class) // a caller finds that its session is gone
                    .untilAsserted(() -> take(dataSource));
            awaitStatus(dataSource, status -> status.problem()
                    .filter(text -> text.contains("no fence was found"))
                    .isPresent());
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("reads only, writes fail"))
                    .hasSize(1);
        }
    }

    private static boolean isReadOnly(Throwable failure) {
        return failure instanceof SQLException refusal && "25006".equals(refusal.getSQLState());
    }

    @Test
    void theTargetServesWhenSomebodyTookOver() throws Exception {
        try (RegistryDataSource dataSource = leftBehindTheFence()) {
            awaitReadsOnly(dataSource);
            assertRefused(dataSource);
            write(current.next(prepare.target(), CHANGE));
            awaitStatus(dataSource, status -> status.version() == current.version());
            take(dataSource);
            assertThat(read(dataSource, "SELECT current_setting('server_version_num')::int / 10000"))
                    .isEqualTo(18);
            Sources.awaitNoSession(Servers.first(), INSTANCE);
        }
    }

    @Test
    void anInstanceThatStartsBehindTheFenceIsReadableToo() throws Exception {
        write(current.nextIn(prepare.in(Transition.Phase.HOLD), CHANGE));
        fence();
        try (RegistryDataSource dataSource = Sources.on(registry, INSTANCE).build()) {
            assertThat(read(dataSource, "SELECT count(*) FROM taken")).isNotNegative();
            assertRefused(dataSource);
            awaitReadsOnly(dataSource);
        }
    }

    @Test
    void outsideAnOverdueHoldAServerThatRefusesWritesIsNoPrimary() throws Exception {
        fence();
        assertThatThrownBy(() -> Sources.on(registry, INSTANCE).build().close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is read-only");
    }
}
