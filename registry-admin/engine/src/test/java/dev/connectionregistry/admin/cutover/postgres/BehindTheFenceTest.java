package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static dev.connectionregistry.admin.postgres.TestDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.postgres.Backends.Backend;
import dev.connectionregistry.admin.cutover.postgres.Backends.BackendId;
import dev.connectionregistry.admin.cutover.postgres.Backends.Scope;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.WritingFunction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Sessions that the proof once overlooked, and what the fence leaves behind. */
class BehindTheFenceTest {
    private static final String WRITABLE = "SET default_transaction_read_only = off";
    private static final String DATABASE_RIGHTS = """
            SELECT coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(datacl) AS a), 'NULL')
            FROM pg_database
            WHERE datname = current_database()
            """;
    private static final String FUNCTION_RIGHTS = """
            SELECT proname || ' '
              || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(proacl) AS a), 'NULL')
            FROM pg_proc
            WHERE proname ~ '^lo'
            ORDER BY oid
            """;
    private static final String DATABASE_SETTINGS = """
            SELECT setconfig::text
            FROM pg_db_role_setting s
            JOIN pg_database d ON d.oid = s.setdatabase
            WHERE d.datname = current_database()
            """;
    private static final String COMMENT = """
            SELECT coalesce(shobj_description(oid, 'pg_database'), 'NULL')
            FROM pg_database
            WHERE datname = current_database()
            """;

    @Test
    void aStoppedBackendThatRenamedItselfIsNotTakenForGone() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (Session session = Session.open(database.login(database.admin), "test", BOUND);
                Connection renamed = database.connect(database.service)) {
            Backends backends = new Backends(session);
            int pid = renamed.unwrap(PGConnection.class).getBackendPID();
            Map<BackendId, Backend> seen =
                    session.call("list", "", BOUND, bound -> backends.earlier(Scope.clients(Set.of()), bound));
            execute(renamed, "SET application_name = 'another'");
            signal("STOP", pid);
            try {
                assertFails(Kind.TIMED_OUT, "sessions [" + pid + " of ", () -> end(session, backends, seen, 300));
            } finally {
                signal("CONT", pid);
            }
            end(session, backends, seen, 10_000);
            assertThatThrownBy(() -> write(renamed)).isInstanceOf(SQLException.class);
        }
    }

    private static void end(Session session, Backends backends, Map<BackendId, Backend> seen, int millis)
            throws ServerException {
        session.call("end", "", Duration.ofMillis(millis), bound -> {
            backends.beginToEnd(seen, bound);
            backends.awaitGone(seen, bound);
            return true;
        });
    }

    private static void signal(String name, int pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void acknowledgesNothingAfterTheProofThoughSessionsRenameThemselvesAllTheTime(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        for (int round = 0; round < 3; round++) {
            List<Renamer> renamers = new ArrayList<>();
            try (SourceServer server = database.open("run-1")) {
                for (int i = 0; i < 6; i++) {
                    renamers.add(new Renamer(database));
                }
                for (Renamer each : renamers) {
                    each.awaitWrite();
                }
                server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
                server.raise(BOUND);
                prove(server, Optional.empty());
                String rows = rows(database);
                for (Renamer each : renamers) {
                    each.join();
                }
                assertThat(rows(database)).as("round " + round).isEqualTo(rows);
                server.lower(BOUND);
            }
        }
    }

    /** Writes in one session under ever new names until it is ended. */
    private static final class Renamer {
        private final AtomicInteger written = new AtomicInteger();
        private final Thread thread;

        Renamer(TestDatabase database) {
            thread = new Thread(() -> run(database), "renamer");
            thread.start();
        }

        private void run(TestDatabase database) {
            try (Connection connection = database.connect(database.service)) {
                while (true) {
                    execute(connection, "SET application_name = 'name " + written.get() + "'");
                    write(connection);
                    written.incrementAndGet();
                }
            } catch (SQLException e) {
                // ended by the proof
            }
        }

        void awaitWrite() {
            org.awaitility.Awaitility.await().atMost(BOUND).until(() -> written.get() > 0);
        }

        void join() throws InterruptedException {
            thread.join(BOUND.toMillis());
            assertThat(thread.isAlive()).as("a session that survived the proof").isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void endsAReplicationSessionThatCouldWriteAndLeavesThoseThatStream(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        String replicator = database.name + " replicator";
        database.execute(
                "CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'"
                        .formatted(q(replicator), TestDatabase.SECRET + replicator),
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + q(replicator),
                "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + q(replicator));
        String chosen = "chosen_" + major;
        String other = "other_" + major;
        for (String slot : List.of(chosen, other)) {
            database.query("SELECT slot_name FROM pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
        }
        try (SourceServer server = database.open("run-1");
                Connection writes = replicating(database, replicator, "database");
                Connection physical = replicating(database, replicator, "true");
                Connection streams = replicating(database, replicator, "database");
                PGReplicationStream stream = stream(streams, chosen)) {
            Connection another = replicating(database, replicator, "database");
            stream(another, other);
            write(writes);
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            prove(server, Optional.of(Set.of(chosen)));
            assertThatThrownBy(() -> write(writes)).isInstanceOf(SQLException.class);
            assertThat(active(database)).containsExactly(chosen);
            assertThat(stream.isClosed()).isFalse();
            another.abort(Runnable::run);
            execute(physical, "IDENTIFY_SYSTEM");
            try (Connection after = replicating(database, replicator, "database")) {
                assertThatThrownBy(() -> write(after)).hasMessageContaining("read-only transaction");
            }
            server.lower(BOUND);
        } finally {
            for (String slot : List.of(chosen, other)) {
                org.awaitility.Awaitility.await().atMost(BOUND).until(() -> active(database)
                        .isEmpty());
                database.query("SELECT pg_drop_replication_slot('" + slot + "')::text");
            }
        }
    }

    @Test
    void leavesWhateverStreamsWhereTheBarrierDoesNotGoBySlots() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        String replicator = database.name + " replicator";
        database.execute("CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'"
                .formatted(q(replicator), TestDatabase.SECRET + replicator));
        database.query("SELECT slot_name FROM pg_create_logical_replication_slot('any_slot', 'test_decoding')");
        try (SourceServer server = database.open("run-1");
                Connection idle = replicating(database, replicator, "database");
                Connection streams = replicating(database, replicator, "database");
                PGReplicationStream stream = stream(streams, "any_slot")) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            prove(server, Optional.empty());
            assertThatThrownBy(() -> execute(idle, "IDENTIFY_SYSTEM")).isInstanceOf(SQLException.class);
            assertThat(active(database)).containsExactly("any_slot");
            assertThat(stream.isClosed()).isFalse();
            server.lower(BOUND);
        } finally {
            org.awaitility.Awaitility.await().atMost(BOUND).until(() -> active(database)
                    .isEmpty());
            database.query("SELECT pg_drop_replication_slot('any_slot')::text");
        }
    }

    private static List<String> active(TestDatabase database) throws SQLException {
        return database.query(
                "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() AND active");
    }

    private static Connection replicating(TestDatabase database, String role, String mode) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", TestDatabase.SECRET + role);
        properties.setProperty("replication", mode);
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.server.host() + ":" + database.server.port() + "/"
                        + database.name.replace(" ", "%20"),
                properties);
    }

    private static PGReplicationStream stream(Connection connection, String slot) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .start();
    }

    @Test
    void withASuperuserLargeObjectsCannotBeWrittenBefore16AndTheRightsAreAsBefore() throws Exception {
        TestDatabase database = TestDatabase.on(11);
        database.execute("UPDATE pg_proc SET proacl = NULL WHERE oid = 'lo_put(oid,bigint,bytea)'::regprocedure");
        database.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC");
        List<String> before = database.query(FUNCTION_RIGHTS);
        try (SourceServer server = asSuperuser(database)) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            assertThat(database.query(FUNCTION_RIGHTS)).isEqualTo(before);
            server.raise(BOUND);
            prove(server, Optional.empty());
            try (Connection after = database.connect(database.service)) {
                for (String call : List.of("lo_create(0)", "lo_put(1, 0, 'x')", "lo_from_bytea(0, 'x')")) {
                    assertThatThrownBy(() -> execute(after, "SELECT " + call))
                            .as(call)
                            .hasMessageContaining("permission denied for function");
                }
            }
            database.execute(WRITABLE, "GRANT EXECUTE ON FUNCTION lo_creat(integer) TO " + q(database.service));
            assertFails(Kind.NOT_SO, "[lo_creat(integer)]; was a right granted", () -> prove(server, Optional.empty()));
            database.execute(WRITABLE, "REVOKE EXECUTE ON FUNCTION lo_creat(integer) FROM " + q(database.service));
            database.execute(WRITABLE, "GRANT EXECUTE ON FUNCTION lo_creat(integer) TO PUBLIC");
            assertFails(Kind.NOT_SO, "[lo_creat(integer)]; was a right granted", () -> prove(server, Optional.empty()));
            database.execute(WRITABLE, "REVOKE EXECUTE ON FUNCTION lo_creat(integer) FROM PUBLIC");
            server.lower(BOUND);
        }
        assertThat(database.query(FUNCTION_RIGHTS)).isEqualTo(before);
        assertThat(before).contains("lo_put NULL");
    }

    @Test
    void withoutASuperuserAFenceThatLargeObjectsGoThroughIsRefusedWithTheWaysOut() throws Exception {
        TestDatabase database = TestDatabase.on(11);
        database.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC");
        try (SourceServer server = database.open("run-1")) {
            assertFails(Kind.REFUSED, "Use --fence no-login", () -> server.plan(FenceKind.READ_ONLY, Set.of(), BOUND));
            assertFails(
                    Kind.REFUSED,
                    WritingFunction.revoke(List.of("PUBLIC")),
                    () -> server.plan(FenceKind.READ_ONLY, Set.of(), BOUND));
            server.plan(FenceKind.NO_LOGIN, Set.of(), BOUND);
            database.execute(WritingFunction.revoke(List.of("PUBLIC")));
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
        }
    }

    @ParameterizedTest
    @CsvSource({"11, NO_LOGIN", "18, NO_LOGIN", "11, READ_ONLY", "18, READ_ONLY"})
    void leavesRightsAndCommentAsTheyWereAlsoWhereTheyWereNull(int major, FenceKind kind) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        assertThat(database.query(DATABASE_RIGHTS)).containsExactly("NULL");
        fenceAndBack(database, kind);
        assertThat(database.query(DATABASE_RIGHTS)).containsExactly("NULL");
        assertThat(database.query(COMMENT)).containsExactly("NULL");
        database.execute(
                "COMMENT ON DATABASE " + q(database.name) + " IS E'it''s \\\\ ours,\\nläuft\\n'",
                "REVOKE TEMPORARY ON DATABASE " + q(database.name) + " FROM PUBLIC");
        List<String> rights = database.query(DATABASE_RIGHTS);
        List<String> comment = database.query(COMMENT);
        fenceAndBack(database, kind);
        assertThat(database.query(DATABASE_RIGHTS)).isEqualTo(rights);
        assertThat(database.query(COMMENT)).isEqualTo(comment);
    }

    private static void fenceAndBack(TestDatabase database, FenceKind kind) throws Exception {
        try (SourceServer server = asSuperuser(database)) {
            server.plan(kind, Set.of(), BOUND);
            server.raise(BOUND);
            assertThat(database.query(COMMENT).get(0)).contains("[connection-registry fence] {\"run\":\"run-1\"");
            prove(server, Optional.empty());
            server.lower(BOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void anHeirEndsOnlySessionsThatBeganUnderTheFence(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (Connection before = database.connect(database.service)) {
            write(before);
            SourceServer dead = database.open("run-1");
            dead.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            dead.raise(BOUND);
            dead.close();
            try (SourceServer heir = database.takeOver("run-1");
                    Connection under = database.connect(database.service)) {
                assertThat(heir.lower(BOUND)).isEqualTo(new FenceDown(1, ""));
                assertThatThrownBy(() -> TestDatabase.query(under, "SELECT 1")).isInstanceOf(SQLException.class);
            }
            write(before);
        }
    }

    @Test
    void anHeirThatRaisesTheFenceOnceMoreKeepsWhatWasThereBefore() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        database.execute("ALTER DATABASE " + q(database.name) + " SET default_transaction_read_only = 'FALSE'");
        try (Connection before = database.connect(database.service)) {
            SourceServer dead = database.open("run-1");
            dead.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            dead.raise(BOUND);
            dead.close();
            try (SourceServer heir = database.takeOver("run-1")) {
                assertThat(heir.plan(FenceKind.READ_ONLY, Set.of(), BOUND).databaseDefault())
                        .hasValue("FALSE");
                heir.raise(BOUND);
                assertThat(heir.lower(BOUND)).isEqualTo(new FenceDown(0, ""));
            }
            write(before);
        }
        assertThat(database.query(DATABASE_SETTINGS)).containsExactly("{default_transaction_read_only=FALSE}");
    }

    @Test
    void anotherRunNeitherTakesAFenceDownNorBuildsOnIt() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer first = database.open("run-1")) {
            first.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            first.raise(BOUND);
        }
        try (SourceServer second = database.open("run-2")) {
            assertFails(
                    Kind.REFUSED,
                    "the fence of cutover run-1 is up",
                    () -> second.plan(FenceKind.READ_ONLY, Set.of(), BOUND));
            assertThat(second.lower(BOUND)).isEqualTo(new FenceDown(0, ""));
        }
        assertThat(PostgresServers.fence(database.login(database.admin), "run-2", BOUND))
                .matches(seen -> seen.up() && seen.runId().equals(Optional.of("run-1")));
        try (Connection byHand = database.connect(database.admin)) {
            var plan = PostgresServers.fence(database.login(database.admin), "run-2", BOUND)
                    .plan()
                    .orElseThrow();
            for (String statement : dev.connectionregistry.admin.cutover.fence.FenceStatements.downByHand(plan)) {
                execute(byHand, statement);
            }
        }
        assertThat(database.query(COMMENT)).containsExactly("NULL");
        try (SourceServer second = database.open("run-2")) {
            second.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
        }
    }

    @Test
    void aFenceThatStaysAfterTheSwitchIsTakenDownByNoRun() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer server = database.open("run-1")) {
            server.keepFence(BOUND); // none is up
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            server.keepFence(BOUND);
        }
        try (SourceServer again = database.takeOver("run-1")) {
            assertFails(Kind.NOT_SO, "stays, since its switch is done", () -> again.lower(BOUND));
            assertFails(Kind.REFUSED, "take it down first", () -> again.plan(FenceKind.READ_ONLY, Set.of(), BOUND));
        }
        assertThat(PostgresServers.fence(database.login(database.admin), "run-1", BOUND)
                        .up())
                .isTrue();
    }

    @Test
    void takesBackOnlyWhatStandsAndNothingWithoutItsRecord() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        String role = database.name + " role";
        database.server.createLogin(role, TestDatabase.SECRET + role);
        database.execute(
                "ALTER ROLE " + q(role) + " SET default_transaction_read_only = off",
                "ALTER ROLE " + q(database.admin) + " CREATEROLE",
                "GRANT " + q(role) + " TO " + q(database.admin) + " WITH ADMIN OPTION");
        try (SourceServer server = database.open("run-1")) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            database.execute(
                    WRITABLE,
                    "ALTER ROLE %s IN DATABASE %s SET default_transaction_read_only = 'No'"
                            .formatted(q(role), q(database.name))); // somebody's, since
            server.lower(BOUND);
            assertThat(database.query(DATABASE_SETTINGS)).containsExactly("{default_transaction_read_only=No}");
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            database.execute(WRITABLE, "COMMENT ON DATABASE " + q(database.name) + " IS 'ours'");
            assertFails(Kind.NOT_SO, "holds no record of a fence", () -> server.lower(BOUND));
        } finally {
            database.execute(WRITABLE, "DROP OWNED BY " + q(role), "DROP ROLE " + q(role));
        }
    }

    @Test
    void aForgedRecordIsRefusedAndExecutesNothing() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        for (String record : List.of(
                "{}",
                "nothing",
                "{\"run\":\"run-1\",\"plan\":{\"up\":[\"CREATE ROLE evil SUPERUSER\"],\"down\":[]},\"before\":[],\"kept\":false}",
                "{\"run\":\"run-1\",\"plan\":{},\"before\":[\"1; DROP\"],\"kept\":false}")) {
            database.execute(
                    "COMMENT ON DATABASE " + q(database.name) + " IS '[connection-registry fence] " + record + "'");
            try (SourceServer server = database.open("run-1")) {
                assertFails(Kind.NOT_SO, "holds the record of a fence that can't be used", () -> server.lower(BOUND));
            }
        }
        assertThat(database.query("SELECT rolname FROM pg_roles WHERE rolname = 'evil'"))
                .isEmpty();
    }

    private static SourceServer asSuperuser(TestDatabase database) throws ServerException {
        return PostgresServers.source(database.superuser(), database.login(database.service), "run-1")
                .open(false, BOUND);
    }

    private static void prove(SourceServer server, Optional<Set<String>> slots) throws ServerException {
        server.prove(slots, BOUND).refusal(BOUND);
    }

    private static String rows(TestDatabase database) throws SQLException {
        return database.query("SELECT count(*) FROM public.orders").get(0);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
