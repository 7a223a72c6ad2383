package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import dev.connectionregistry.testing.StubConnector;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service says about its pool in code, on a real server where it is about sessions. */
class PoolOptionsTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ConnectionSettings settings = Servers.settings(Servers.first());

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
        Sources.awaitNoSession(Servers.first(), "options");
    }

    private RegistryDataSource started(PoolOptions options) {
        registry.put("orders", settings);
        return Sources.on(registry, "options").pool(options).build();
    }

    private RegistryDataSource stubbed(PoolOptions options, int size, Duration timeout) {
        ConnectionSettings stub = Servers.settings(new Endpoint("stub", 5432, "orders"));
        registry.put("orders", stub.withPool(stub.pool().withMaximumSize(size).withConnectionTimeout(timeout)));
        return Sources.on(registry, "options")
                .connector(new StubConnector())
                .pool(options)
                .build();
    }

    private static String shown(Connection connection, String what) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + what)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void everyNewSessionExecutesTheInitialSqlAlsoOnAnotherServer() throws Exception {
        PoolOptions options = PoolOptions.DEFAULT.withConnectionInitSql("SET TIME ZONE 'Pacific/Chatham'");
        try (RegistryDataSource dataSource = started(options)) {
            try (Connection connection = dataSource.getConnection()) {
                assertThat(shown(connection, "TimeZone")).isEqualTo("Pacific/Chatham");
            }
            long version =
                    registry.put("orders", Servers.settings(Servers.second())).version();
            awaitStatus(dataSource, status -> status.version() == version);
            try (Connection connection = dataSource.getConnection()) {
                assertThat(shown(connection, "TimeZone")).isEqualTo("Pacific/Chatham");
            }
        }
        Sources.awaitNoSession(Servers.second(), "options");
    }

    @Test
    void initialSqlThatFailsIsTheCauseThatIsTold() {
        assertThatThrownBy(() -> started(PoolOptions.DEFAULT.withConnectionInitSql("SET ROLE nobody_at_all"))
                        .close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the service's initial SQL failed on")
                .hasMessageContaining("nobody_at_all");
    }

    /** A report that is larger than what an item may be would make the instance look silent. */
    @Test
    void whateverLengthAServersMessageHasTheReportIsShort() throws Exception {
        String endless = """
                DO $$ BEGIN
                  IF inet_server_port() <> %s THEN
                    RAISE EXCEPTION '%%', repeat('x', 1000000);
                  END IF;
                END $$
                """.formatted(Servers.first().port());
        try (RegistryDataSource dataSource = started(PoolOptions.DEFAULT.withConnectionInitSql(endless))) {
            registry.put("orders", Servers.settings(Servers.second()));
            awaitStatus(dataSource, status -> status.problem()
                    .filter(problem -> problem.contains("initial SQL failed"))
                    .isPresent());
            await().until(() -> registry.fleet(new DatabaseName("orders")).stream()
                    .anyMatch(report -> report.lastError().isPresent()));
            assertThat(registry.fleet(new DatabaseName("orders")))
                    .allSatisfy(
                            report -> assertThat(report.lastError().orElse("")).hasSizeLessThan(5_000));
        }
    }

    @Test
    void aBorrowedConnectionIsAsTheServiceWantsItAndSoIsTheNext() throws Exception {
        PoolOptions options = PoolOptions.DEFAULT
                .withMaximumSize(1)
                .withMinimumIdle(1)
                .withAutoCommit(false)
                .withReadOnly(true)
                .withTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ)
                .withSchema("pg_catalog");
        try (RegistryDataSource dataSource = started(options)) {
            for (int borrowing = 1; borrowing <= 2; borrowing++) {
                try (Connection connection = dataSource.getConnection()) {
                    assertThat(connection.getAutoCommit()).isFalse();
                    assertThat(connection.isReadOnly()).isTrue();
                    assertThat(shown(connection, "transaction_isolation")).isEqualTo("repeatable read");
                    assertThat(connection.getSchema()).isEqualTo("pg_catalog");
                    connection.rollback();
                    connection.setAutoCommit(true);
                    connection.setReadOnly(false);
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    connection.setSchema("public");
                }
            }
        }
    }

    @Test
    void sizesOfItsOwnCountWhateverTheSettingsSay() throws Exception {
        PoolOptions options = PoolOptions.DEFAULT.withMaximumSize(3).withMinimumIdle(50);
        try (RegistryDataSource dataSource = stubbed(options, 10, Duration.ofSeconds(20))) {
            assertThat(dataSource.status().pool().maximumSize()).isEqualTo(3);
            await().until(() -> dataSource.status().pool().idle() == 3);
            ConnectionSettings larger = Servers.settings(new Endpoint("stub", 5432, "orders"));
            long version = registry.put("orders", larger.withPool(larger.pool().withMaximumSize(20)))
                    .version();
            awaitStatus(dataSource, status -> status.acknowledgedVersion() == version);
            assertThat(dataSource.status().pool().maximumSize()).isEqualTo(3);
        }
    }

    @Test
    void itsThreadFactoryMakesThePoolsThreads() throws Exception {
        Queue<Thread> made = new ConcurrentLinkedQueue<>();
        PoolOptions options = PoolOptions.DEFAULT.withThreadFactory(task -> {
            Thread thread = new Thread(task, "ours");
            thread.setDaemon(true);
            made.add(thread);
            return thread;
        });
        try (RegistryDataSource dataSource = stubbed(options, 3, Duration.ofSeconds(20))) {
            dataSource.getConnection().close();
            assertThat(made).isNotEmpty();
        }
        await().until(() -> made.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void metersOfEachCheckoutHaveHikarisNamesAndGoWithTheDataSource() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Metrics.addRegistry(meters);
        try (RegistryDataSource dataSource =
                stubbed(PoolOptions.DEFAULT.withCheckoutMeters(), 1, Duration.ofMillis(400))) {
            try (Connection only = dataSource.getConnection()) {
                assertThatThrownBy(dataSource::getConnection).isInstanceOf(SQLTransientConnectionException.class);
                assertThat(only.isClosed()).isFalse();
            }
            ConnectionSettings moved = Servers.settings(new Endpoint("moved", 5432, "orders"));
            long version = registry.put("orders", moved).version();
            awaitStatus(dataSource, status -> status.version() == version);
            dataSource.getConnection().close();
            String[] tags = {"pool", "orders", "instance", "options"};
            assertThat(meters.get("hikaricp.connections.acquire")
                            .tags(tags)
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("hikaricp.connections.usage")
                            .tags(tags)
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("hikaricp.connections.timeout")
                            .tags(tags)
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("hikaricp.connections.creation")
                            .tags(tags)
                            .timer()
                            .count())
                    .isGreaterThanOrEqualTo(2);
            assertThat(meters.get("hikaricp.connections.max").tags(tags).gauge().value())
                    .isEqualTo(8);
        } finally {
            assertThat(meters.find("hikaricp.connections.acquire").meters()).isEmpty();
            Metrics.removeRegistry(meters);
        }
    }

    @Test
    void refusesWhatNoPoolCanHave() {
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withMaximumSize(0))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("pool maximum size 0 is not allowed; use 1 to 1000");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withMinimumIdle(-1)).hasMessageContaining("use 0 to 1000");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withConnectionInitSql(" ")).hasMessageContaining("1 characters");
        assertThatThrownBy(() -> PoolOptions.DEFAULT.withTransactionIsolation(Connection.TRANSACTION_NONE))
                .hasMessageContaining("transaction isolation 0");
    }

    @Test
    void whatFrameworksCallOnEveryDataSourceIsIgnoredAndSaidOnce() {
        try (LogCapture log = LogCapture.ofInfo();
                RegistryDataSource dataSource = stubbed(PoolOptions.DEFAULT, 1, Duration.ofSeconds(1))) {
            assertThatCode(() -> {
                        dataSource.setLoginTimeout(0);
                        dataSource.setLogWriter(null);
                    })
                    .doesNotThrowAnyException();
            assertThat(log.warnings()).noneMatch(line -> line.contains("ignored"));
            dataSource.setLoginTimeout(5);
            dataSource.setLoginTimeout(7);
            dataSource.setLogWriter(new PrintWriter(new StringWriter()));
            assertThat(dataSource.getLoginTimeout()).isZero();
            assertThat(dataSource.getLogWriter()).isNull();
            assertThat(log.warnings().stream().filter(line -> line.contains("ignored")))
                    .singleElement()
                    .asString()
                    .contains("setLoginTimeout(5) is ignored");
        }
    }

    @Test
    void sizesOfOneInstanceComeFromItsEnvironment() {
        PoolOptions options =
                PoolOptions.fromEnvironment(Map.of("REGISTRY_MAXIMUM_SIZE", "25", "REGISTRY_MINIMUM_IDLE", "5"));
        assertThat(options.applyTo(settings.pool()))
                .isEqualTo(settings.pool().withMaximumSize(25).withMinimumIdle(5));
        assertThat(PoolOptions.fromEnvironment(Map.of()).applyTo(settings.pool()))
                .isEqualTo(settings.pool());
        assertThatThrownBy(() -> PoolOptions.fromEnvironment(Map.of("REGISTRY_MAXIMUM_SIZE", "many")))
                .hasMessage("environment variable REGISTRY_MAXIMUM_SIZE is 'many'; it must be a whole number");
    }

    @Test
    void whoKeepsAConnectionForTooLongIsLoggedOnceTheSettingsAskForIt() throws Exception {
        ConnectionSettings stub = Servers.settings(new Endpoint("stub", 5432, "orders"));
        registry.put("orders", stub.withPool(stub.pool().withLeakDetectionThreshold(Duration.ofSeconds(2))));
        try (LogCapture log = LogCapture.ofEverything("com.zaxxer.hikari.pool.ProxyLeakTask");
                RegistryDataSource dataSource = Sources.on(registry, "options")
                        .connector(new StubConnector())
                        .build();
                Connection kept = dataSource.getConnection()) {
            await().until(() -> log.warnings().stream().anyMatch(line -> line.contains("leak detection triggered")));
            assertThat(kept.isClosed()).isFalse();
        }
    }
}
