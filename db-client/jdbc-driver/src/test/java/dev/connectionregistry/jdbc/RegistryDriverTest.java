package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.status.DataSourceStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** The driver as a program sees it, through {@link DriverManager}, on real servers. */
@Timeout(120)
class RegistryDriverTest {
    @TempDir
    private static Path directory = Path.of("");

    private static Stage stage;

    @BeforeAll
    static void start() throws SQLException {
        stage = new Stage(directory);
    }

    @AfterAll
    static void deregister() throws SQLException {
        connect("earlier", "").close();
        for (var driver : Collections.list(DriverManager.getDrivers())) {
            if (driver instanceof RegistryDriver) {
                DriverManager.deregisterDriver(driver);
            }
        }
        assertThat(RegistryDriver.statuses()).isEmpty();
        await().atMost(Duration.ofSeconds(15)).until(() -> Stage.sessions(stage.first, "%") == 0);
        assertThatThrownBy(() -> new RegistryDriver().connect(stage.url("late", ""), null))
                .hasMessageContaining("was deregistered");
        assertThatThrownBy(() -> new RegistryDriver().connect(stage.url("earlier", ""), null))
                .hasMessageContaining("was deregistered");
        stage.close();
        RegistryDriver.register(); // for other tests of this process
    }

    private static Connection connect(String service, String more) throws SQLException {
        return DriverManager.getConnection(stage.url(service, more));
    }

    private static DataSourceStatus status(String service) {
        return RegistryDriver.statuses().stream()
                .filter(each -> each.service().equals(service))
                .findFirst()
                .orElseThrow();
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static int port(Connection connection) throws SQLException {
        return Integer.parseInt(one(connection, "SHOW port"));
    }

    private static void moveTo(dev.connectionregistry.local.LocalPostgres server) {
        stage.move(server);
    }

    @Test
    void allConnectionsOfOneUrlAreOneInstance() throws SQLException {
        try (Connection one = connect("sharing", "");
                Connection two = connect("sharing", "")) {
            assertThat(one(one, "SELECT pg_backend_pid()")).isNotEqualTo(one(two, "SELECT pg_backend_pid()"));
            assertThat(one(one, "SHOW application_name")).isEqualTo(one(two, "SHOW application_name"));
            assertThat(RegistryDriver.statuses().stream()
                            .filter(each -> each.service().equals("sharing")))
                    .hasSize(1);
            assertThat(status("sharing").pool().active()).isZero();
            one.setAutoCommit(false);
            one(one, "SELECT 1");
            assertThat(status("sharing").pool().active()).isEqualTo(1);
            one.commit();
            assertThat(status("sharing").pool().active()).isZero();
            assertThat(status("sharing").state()).isEqualTo(InstanceState.ACTIVE);
        }
    }

    @Test
    void anOwnPoolGivesConnectionsBackAndForth() throws SQLException {
        String first;
        try (Connection connection = connect("pooled", "&pooling=own&maximumSize=1&minimumIdle=1")) {
            first = one(connection, "SELECT pg_backend_pid()");
        }
        try (Connection connection = connect("pooled", "&pooling=own&maximumSize=1&minimumIdle=1")) {
            assertThat(one(connection, "SELECT pg_backend_pid()")).isEqualTo(first);
        }
        Properties beside =
                new Properties(properties("instance", "another")); // as defaults, which hide in an empty map
        try (Connection connection =
                DriverManager.getConnection(stage.url("pooled", "&pooling=own&maximumSize=1"), beside)) {
            assertThat(one(connection, "SHOW application_name")).contains("another");
        }
        try (Connection connection = connect("pooled", "&pooling=own&maximumSize=1")) {
            assertThat(one(connection, "SHOW application_name")).doesNotContain("another");
        }
    }

    private static Properties properties(String name, String value) {
        Properties properties = new Properties();
        properties.setProperty(name, value);
        return properties;
    }

    @Test
    void aStartTimeoutReachesTheDataSourceWhichSaysWhatIsAllowed() throws SQLException {
        connect("patient", "&startTimeout=5m").close();
        assertThatThrownBy(() -> connect("impatient", "&startTimeout=99ms"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("start timeout is 99ms; it must be 100ms to 5m");
    }

    @Test
    void whatEndsATransactionIsSeenHoweverItIsSaid() throws SQLException {
        try (Connection connection = connect("ends", "");
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            assertThat(status("ends").pool().active()).isEqualTo(1);
            statement.execute("COMMIT");
            assertThat(status("ends").pool().active()).isZero();

            connection.setAutoCommit(false);
            assertThatThrownBy(() -> statement.execute("SELECT 1/0")).isInstanceOf(SQLException.class);
            assertThat(status("ends").pool().active()).as("an aborted one").isEqualTo(1);
            connection.rollback();
            assertThat(status("ends").pool().active()).isZero();

            statement.execute("SELECT 1");
            connection.setAutoCommit(true);
            assertThat(status("ends").pool().active()).isZero();

            try (ResultSet tables = connection.getMetaData().getTables(null, "public", null, null)) {
                assertThat(tables.next()).isTrue();
            }
            assertThat(status("ends").pool().active()).isZero();
        }
    }

    @Test
    void objectsLeadBackToTheConnectionOfTheUser() throws SQLException {
        try (Connection connection = connect("objects", "");
                PreparedStatement statement = connection.prepareStatement("SELECT ?::int");
                Statement plain = connection.createStatement()) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            statement.setInt(1, 7);
            try (ResultSet rows = statement.executeQuery()) {
                assertThat(rows.getStatement()).isSameAs(statement);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(7);
            }
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
            assertThat(connection).isNotEqualTo(connection.unwrap(PGConnection.class));
            assertThat(List.of(connection)).contains(connection);
            assertThatThrownBy(() -> plain.execute("SELECT nothing_such"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42703"));
        }
    }

    @Test
    void anUnwrappedConnectionIsInUseUntilAPoolTakesItBack() throws Exception {
        try (Connection connection = connect("copies", "")) {
            CopyManager copy = new CopyManager(connection.unwrap(BaseConnection.class));
            assertThat(status("copies").pool().active()).isEqualTo(1);
            copy.copyIn("COPY public.orders FROM STDIN", new StringReader("copied\tcopies\n"));
            connection.clearWarnings();
            assertThat(status("copies").pool().active()).isZero();
        }
    }

    @Test
    void aConnectionMovesBetweenTransactionsWithWhatWasSetOnIt() throws SQLException {
        moveTo(stage.first);
        try (Connection connection = connect("moving", "");
                PreparedStatement prepared = connection.prepareStatement("SELECT ? || current_setting('app.tenant')");
                PreparedStatement config = connection.prepareStatement("SELECT set_config('app.tenant', ?, false)");
                PreparedStatement stream = connection.prepareStatement("SELECT length(?::bytea)");
                Statement statement = connection.createStatement()) {
            config.setString(1, "seven");
            config.execute();
            statement.execute("SET TIME ZONE 'Asia/Tokyo'");
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setSchema("pg_catalog");
            connection.setAutoCommit(false);
            statement.execute("SET work_mem = '3MB'");
            connection.rollback();
            statement.execute("SET work_mem = '5MB'");
            connection.commit();
            prepared.setString(1, "tenant ");
            stream.setBinaryStream(1, new ByteArrayInputStream(new byte[3]));
            int before = port(connection);

            moveTo(stage.second);

            assertThat(connection.isValid(1)).as("in a transaction").isTrue();
            assertThat(port(connection)).isEqualTo(before);
            connection.commit();
            assertThat(connection.isValid(1)).isFalse();
            assertThat(port(connection)).isEqualTo(stage.second.port());
            assertThat(connection.isValid(1)).isTrue();
            try (ResultSet row = prepared.executeQuery()) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("tenant seven");
            }
            assertThat(one(connection, "SHOW TIME ZONE")).isEqualTo("Asia/Tokyo");
            assertThat(one(connection, "SHOW work_mem")).isEqualTo("5MB");
            assertThat(connection.getSchema()).isEqualTo("pg_catalog");
            assertThat(one(connection, "SHOW transaction_isolation")).isEqualTo("repeatable read");
            assertThat(connection.getAutoCommit()).isFalse();
            assertThatThrownBy(stream::executeQuery)
                    .hasMessageContaining("stream")
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
            connection.rollback();
        }
    }

    @Test
    void whatWasSetLaterOverrulesWhatWasSetBeforeAlsoAfterAMove() throws SQLException {
        moveTo(stage.first);
        try (Connection connection = connect("ordered", "");
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = public");
            connection.setSchema("pg_catalog");
            connection.setAutoCommit(false);
            statement.execute("SET search_path = nowhere");
            connection.rollback();
            statement.execute("CREATE TABLE public.twice (i int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
            statement.execute("INSERT INTO public.twice VALUES (1), (1)");
            statement.execute("SET search_path = nowhere");
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            statement.execute("SELECT 1");
            connection.commit();
            moveTo(stage.second);
            assertThat(connection.getSchema()).isEqualTo("pg_catalog");
        }
    }

    @Test
    void aTransactionThatWasEndedOnTheServerDoesNotGoOnElsewhere() throws SQLException {
        moveTo(stage.first);
        try (Connection connection = connect("ended", "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO public.orders VALUES ('first half', 'ended')");
            stage.first.execute(Stage.DATABASE, """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE application_name LIKE 'ended/%' AND state = 'idle in transaction'
                    """);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class));
            moveTo(stage.second);
            assertThatThrownBy(() -> statement.execute("INSERT INTO public.orders VALUES ('second half', 'ended')"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08003"));
            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.isValid(1)).isFalse();
        }
        assertThat(Stage.rows(stage.second)).doesNotContain("first half", "second half");
    }

    @Test
    void aSessionThatCannotBeMadeAgainSaysSoAndDoesNotMove() throws SQLException {
        moveTo(stage.first);
        try (Connection connection = connect("bound", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE mine (i int)");
            moveTo(stage.second);
            assertThat(connection.isValid(1)).isFalse();
            assertThatThrownBy(() -> statement.execute("SELECT * FROM mine"))
                    .hasMessageContaining("temporary table")
                    .hasMessageContaining("take another one")
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
        }
    }

    @Test
    void aBatchThatIsBeingPutTogetherIsInUse() throws SQLException {
        try (Connection connection = connect("batches", "")) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO public.orders VALUES (?, 'b')")) {
                insert.setString(1, "batched");
                insert.addBatch();
                assertThat(status("batches").pool().active()).isEqualTo(1);
                insert.executeBatch();
                assertThat(status("batches").pool().active()).isZero();
                insert.setString(1, "never");
                insert.addBatch();
            }
            assertThat(status("batches").pool().active()).isZero();
        }
    }

    @Test
    void eachProxyIsNamedForNativeImages() throws Exception {
        try (Connection connection = connect("images", "");
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("SELECT 1");
                CallableStatement call = connection.prepareCall("{call now()}");
                ResultSet rows = prepared.executeQuery()) {
            List<String> proxied = Stream.of(connection, connection.getMetaData(), statement, prepared, call, rows)
                    .map(proxy -> proxy.getClass().getInterfaces()[0].getName())
                    .toList();
            assertThat(named("proxy-config.json")).containsExactlyInAnyOrderElementsOf(proxied);
            assertThat(named("reflect-config.json")).containsAll(proxied).contains(RegistryDriver.class.getName());
        }
    }

    private static List<String> named(String file) throws IOException {
        String path = "/META-INF/native-image/dev.connectionregistry/db-client-jdbc-driver/" + file;
        try (InputStream in = RegistryDriver.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return Pattern.compile("\"((?:java|dev)\\.[\\w.]+)\"")
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .map(name -> name.group(1))
                    .toList();
        }
    }

    @Test
    void saysWhyItCannotConnect() {
        assertThatThrownBy(() -> DriverManager.getConnection("jdbc:registry:orders?servis=x"))
                .hasMessageContaining("'servis' is not known");
        assertThatThrownBy(() ->
                        DriverManager.getConnection(stage.url("unknown", "").replace(":orders?", ":nothing-such?")))
                .hasMessageContaining("nothing-such");
        assertThatThrownBy(() -> DriverManager.getConnection(
                        "jdbc:registry:orders?service=x&region=eu-central-1&endpointUrl=localhost"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("jdbc:registry:orders: endpoint URL is not of the form http://HOST:PORT");
    }
}
