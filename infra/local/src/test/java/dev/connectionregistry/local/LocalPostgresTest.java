package dev.connectionregistry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.local.LocalPostgres.StopMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LocalPostgresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OLDEST = LocalPostgres.availableMajors().first();

    private static LocalPostgres old;
    private static LocalPostgres next;

    @BeforeAll
    static void start() {
        old = LocalPostgres.start(OLDEST);
        next = LocalPostgres.builder(18).setting("max_connections", "77").start();
    }

    @AfterAll
    static void stop() {
        old.close();
        next.close();
        assertThat(old.log().getParent()).doesNotExist();
    }

    @Test
    void runsTheMajorAskedForWithTheSettingsAskedFor() throws SQLException {
        assertThat(query(old, "postgres", "SHOW server_version")).startsWith(OLDEST + ".");
        assertThat(query(next, "postgres", "SHOW server_version")).startsWith("18.");
        assertThat(query(old, "postgres", "SHOW wal_level")).isEqualTo("logical");
        assertThat(query(old, "postgres", "SHOW max_connections")).isEqualTo("200");
        assertThat(query(next, "postgres", "SHOW max_connections")).isEqualTo("77");
        assertThat(query(next, "postgres", "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void loginsAreLittleWorkUnlessTheUsualAreAskedFor() throws SQLException {
        old.createLogin("quick", "password");
        assertThat(query(old, "postgres", "SELECT rolpassword FROM pg_authid WHERE rolname = 'quick'"))
                .startsWith("SCRAM-SHA-256$1:");
        try (LocalPostgres usual = LocalPostgres.builder(OLDEST).usualLogins().start();
                Connection connection = usual.createLogin("app", "password").connect("postgres", "app", "password")) {
            assertThat(connection.isValid(5)).isTrue();
            assertThat(query(
                            usual,
                            "postgres",
                            "SELECT DISTINCT left(rolpassword, 18) FROM pg_authid WHERE rolpassword <> ''"))
                    .isEqualTo("SCRAM-SHA-256$4096");
        }
    }

    @Test
    void refusesAWrongPasswordAndOneOfAnotherServer() throws SQLException {
        old.createLogin("clerk", "it's \"secret\"");
        try (Connection connection = old.connect("postgres", "clerk", "it's \"secret\"")) {
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> old.connect("postgres", "clerk", "guess"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        assertThatThrownBy(() -> old.connect("postgres", old.superuser(), next.password()))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void hidesThePassword() {
        assertThat(old.toString()).doesNotContain(old.password());
        assertThat(old.logTail(1000)).doesNotContain(old.password());
    }

    @Test
    void logicalReplicationMovesRowsAndFollowsChanges() throws SQLException {
        String table = "CREATE TABLE orders (id bigint PRIMARY KEY, note text)";
        old.createDatabase("shop")
                .execute("shop", table, "INSERT INTO orders SELECT i, 'old' FROM generate_series(1, 5000) i");
        next.createDatabase("shop").execute("shop", table);
        LogicalReplication replication =
                LogicalReplication.start(old, next, "shop", "orders").awaitInitialCopy(PATIENCE);
        assertThat(query(next, "shop", "SELECT count(*) FROM orders")).isEqualTo("5000");
        old.execute("shop", "INSERT INTO orders VALUES (5001, 'new')", "DELETE FROM orders WHERE id = 1");
        replication.awaitCaughtUp(PATIENCE);
        assertThat(query(next, "shop", "SELECT min(id) || '-' || max(id) FROM orders"))
                .isEqualTo("2-5001");
        replication.drop();
        assertThat(query(old, "shop", "SELECT count(*) FROM pg_replication_slots"))
                .isEqualTo("0");
    }

    @Test
    void severalDatabasesReplicateUnderNamesOfTheirOwn() throws SQLException {
        for (String database : new String[] {"east", "west"}) {
            old.createDatabase(database).execute(database, "CREATE TABLE orders (id bigint PRIMARY KEY)");
            next.createDatabase(database).execute(database, "CREATE TABLE orders (id bigint PRIMARY KEY)");
        }
        LogicalReplication east =
                LogicalReplication.startNamed("to_east", old, next, "east").awaitInitialCopy(PATIENCE);
        LogicalReplication west =
                LogicalReplication.startNamed("to_west", old, next, "west").awaitInitialCopy(PATIENCE);
        old.execute("east", "INSERT INTO orders VALUES (1)");
        old.execute("west", "INSERT INTO orders VALUES (2)");
        east.awaitCaughtUp(PATIENCE);
        west.awaitCaughtUp(PATIENCE);
        assertThat(query(next, "east", "SELECT max(id) FROM orders")).isEqualTo("1");
        assertThat(query(next, "west", "SELECT max(id) FROM orders")).isEqualTo("2");
        east.drop();
        west.drop();
        assertThat(query(old, "postgres", "SELECT count(*) FROM pg_replication_slots"))
                .isEqualTo("0");
    }

    @Test
    void keepsPortDataAndPasswordOverStopAndKill() throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(18).durable().start()) {
            int port = server.port();
            server.execute("postgres", "CREATE TABLE t AS SELECT 1 AS x");
            server.stop(StopMode.FAST);
            assertThatThrownBy(() -> server.connect("postgres"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
            server.startAgain();
            server.execute("postgres", "INSERT INTO t VALUES (2)");
            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.startAgain();
            assertThat(server.port()).isEqualTo(port);
            assertThat(query(server, "postgres", "SELECT sum(x) FROM t")).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aStandbyFollowsAndIsPromotedOntoATimelineOfItsOwn(int major) throws SQLException {
        String identifier = "SELECT system_identifier FROM pg_control_system()";
        String timeline = "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
        try (LocalPostgres primary = LocalPostgres.start(major);
                LocalPostgres standby = primary.startStandby()) {
            primary.execute("postgres", "CREATE TABLE t AS SELECT 1 AS x");
            standby.awaitReplayOf(primary, PATIENCE);
            assertThat(query(standby, "postgres", "SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThat(query(standby, "postgres", "SELECT sum(x) FROM t")).isEqualTo("1");
            String before = query(primary, "postgres", identifier);
            assertThat(query(primary, "postgres", timeline)).isEqualTo("00000001");
            primary.kill();
            standby.promote();
            standby.execute("postgres", "INSERT INTO t VALUES (2)");
            assertThat(query(standby, "postgres", identifier)).isEqualTo(before);
            assertThat(query(standby, "postgres", timeline)).isEqualTo("00000002");
        }
    }

    @Test
    void answersNothingWhilePaused() throws SQLException {
        old.pause();
        try {
            Properties properties = new Properties();
            properties.putAll(Map.of("user", old.superuser(), "password", old.password(), "socketTimeout", "1"));
            assertThatThrownBy(() -> DriverManager.getConnection(old.jdbcUrl("postgres"), properties))
                    .isInstanceOf(SQLException.class)
                    .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class);
        } finally {
            old.resume();
        }
        assertThat(query(old, "postgres", "SELECT 1")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("majors")
    void serversOfOneMajorHaveDifferentSystemIdentifiers(int major) throws SQLException {
        String sql = "SELECT system_identifier FROM pg_control_system()";
        try (LocalPostgres one = LocalPostgres.start(major);
                LocalPostgres twin = LocalPostgres.start(major)) {
            assertThat(query(twin, "postgres", sql)).isNotEqualTo(query(one, "postgres", sql));
        }
    }

    private static SortedSet<Integer> majors() {
        return LocalPostgres.availableMajors();
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void endsAndLeavesNothingWhenTheProcessThatStartedItIsKilled(String state) throws Exception {
        assertThat(Orphans.leaveBehind(Integer.toString(OLDEST), state).isGoneWithin(Duration.ofSeconds(15)))
                .isTrue();
    }

    @Test
    void saysHowToFetchAMajorThatIsNotThere() {
        assertThatThrownBy(() -> LocalPostgres.start(10))
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("No Postgres 10")
                .hasMessageContaining("-Plocal-postgres-all");
    }

    @Test
    void saysWhyItCannotStart() {
        LocalPostgresBuilder wrong = LocalPostgres.builder(18).setting("shared_buffers", "a lot");
        assertThatThrownBy(wrong::start)
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("ended while it was starting")
                .hasMessageContaining("shared_buffers");
    }

    private static String query(LocalPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
