package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static dev.connectionregistry.admin.postgres.TestDatabase.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.CutoverServer;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.fence.FenceDown;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.local.LogicalReplication;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FenceTest {
    private static final String SETTINGS = """
            SELECT coalesce(r.rolname, '') || ' ' || (s.setdatabase <> 0) || ' ' || s.setconfig::text
            FROM pg_db_role_setting s
            LEFT JOIN pg_roles r ON r.oid = s.setrole
            WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            ORDER BY 1
            """;

    /** On 11 an admin with CREATEROLE may alter every role; from 16 on only those it has ADMIN OPTION on. */
    private static void letAdminAlter(TestDatabase database, String... roles) throws SQLException {
        database.execute("ALTER ROLE " + q(database.admin) + " CREATEROLE");
        for (String role : roles) {
            database.execute("GRANT " + q(role) + " TO " + q(database.admin) + " WITH ADMIN OPTION");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void endsTheSessionsThatThereAreAndRefusesWritesToNewOnes(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                Connection before = database.connect(database.service)) {
            readOnly(server);
            awaitOneOtherSession(server);
            write(before);
            server.raise(BOUND);
            server.raise(BOUND);
            write(before); // up, but nobody ended yet
            assertThat(proven(server)).isEqualTo(new Proven(1, "25006"));
            assertThatThrownBy(() -> write(before)).isInstanceOf(SQLException.class);
            try (Connection after = database.connect(database.service)) {
                assertThatThrownBy(() -> write(after))
                        .extracting(each -> ((SQLException) each).getSQLState())
                        .isEqualTo("25006");
                assertThat(TestDatabase.query(after, "SELECT count(*) FROM public.orders"))
                        .containsExactly("2");
            }
            server.lower(BOUND);
            server.lower(BOUND);
            try (Connection after = database.connect(database.service)) {
                write(after);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void rehearsesItsProofWithoutEndingOrRefusingAnything(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                Connection before = database.connect(database.service)) {
            readOnly(server);
            server.dryRunProof(Optional.empty(), BOUND);
            server.dryRunProof(Optional.empty(), BOUND);
            awaitOneOtherSession(server);
            write(before);
            server.raise(BOUND);
            assertThat(proven(server)).isEqualTo(new Proven(1, "25006"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void coversRolesWithSettingsOfTheirOwnAndPutsBackExactlyWhatWasThere(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        String wide = database.name + " wide";
        String both = database.name + " both";
        String reader = database.name + " reader";
        for (String role : List.of(wide, both, reader)) {
            database.server.createLogin(role, TestDatabase.SECRET + role);
        }
        database.execute(
                "ALTER DATABASE " + q(database.name) + " SET default_transaction_read_only = 'FALSE'",
                "ALTER DATABASE " + q(database.name) + " SET work_mem = '5MB'",
                "ALTER ROLE " + q(wide) + " SET default_transaction_read_only = off",
                "ALTER ROLE " + q(reader) + " SET default_transaction_read_only = on",
                "ALTER ROLE " + q(both) + " SET default_transaction_read_only = on",
                "ALTER ROLE %s IN DATABASE %s SET default_transaction_read_only = 'no'"
                        .formatted(q(both), q(database.name)),
                "ALTER ROLE " + q(database.service) + " IN DATABASE " + q(database.name) + " SET work_mem = '6MB'");
        letAdminAlter(database, wide, both);
        List<String> before = database.query(SETTINGS);
        try (SourceServer server = database.open("run-1")) {
            readOnly(server);
            assertThat(database.query(SETTINGS)).as("a plan changes nothing").isEqualTo(before);
            server.raise(BOUND);
            proven(server);
            for (String role : List.of(wide, both, reader, database.service)) {
                try (Connection after = database.connect(role)) {
                    assertThat(TestDatabase.query(after, "SHOW transaction_read_only"))
                            .as(role)
                            .containsExactly("on");
                }
            }
            server.lower(BOUND);
        }
        assertThat(database.query(SETTINGS)).isEqualTo(before);
        database.execute("DROP ROLE " + q(wide), "ALTER ROLE " + q(both) + " RESET ALL", "DROP ROLE " + q(reader));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void leavesNoSessionBehindThatBeganUnderTheFence(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                Connection before = database.connect(database.service)) {
            readOnly(server);
            server.raise(BOUND);
            try (Connection under = database.connect(database.service)) {
                assertThat(server.lower(BOUND)).isEqualTo(new FenceDown(1, ""));
                assertThatThrownBy(() -> TestDatabase.query(under, "SELECT 1")).isInstanceOf(SQLException.class);
            }
            write(before); // it began before the fence, and nobody ended it
            try (Connection after = database.connect(database.service)) {
                assertThat(server.lower(BOUND))
                        .as("nobody began under a fence since")
                        .isEqualTo(new FenceDown(0, ""));
                write(after);
            }
        }
    }

    /** What it brings would be committed behind the fence. */
    @Test
    void isNotPlannedWhileASubscriptionOfTheSourcesOwnIsOn() throws Exception {
        String name = TestDatabase.plainName();
        TestDatabase publisher = TestDatabase.named(18, name);
        TestDatabase database = TestDatabase.named(17, name);
        publisher.server.execute(name, "CREATE TABLE public.brought (id integer PRIMARY KEY)");
        database.server.execute(name, "CREATE TABLE public.brought (id integer PRIMARY KEY)");
        LogicalReplication replication = LogicalReplication.start(publisher.server, database.server, name)
                .awaitInitialCopy(Duration.ofSeconds(30));
        try (SourceServer server = database.open("run-1")) {
            assertFails(
                    Kind.NOT_SO, "there is 1 background worker, which the fence doesn't stop", () -> readOnly(server));
        } finally {
            replication.drop();
        }
    }

    @Test
    void endsAllButExemptSessionsAfterAFenceOfAnEarlierRun() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        String replicator = database.name + " replicator";
        database.server.createLogin(replicator, TestDatabase.SECRET + replicator);
        letAdminAlter(database, replicator);
        try (SourceServer dead = database.open("run-1")) {
            dead.plan(FenceKind.READ_ONLY, Set.of(replicator), BOUND);
            dead.raise(BOUND);
        }
        try (SourceServer heir = database.open("run-1");
                Connection kept = database.connect(replicator);
                Connection under = database.connect(database.service)) {
            assertThat(heir.lower(BOUND)).isEqualTo(new FenceDown(1, ""));
            assertThatThrownBy(() -> TestDatabase.query(under, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThat(TestDatabase.query(kept, "SELECT 1")).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void theProofSparesTheRunsOwnSecondSessionAndNoOtherOfItsRole(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                CutoverServer look = server.openBeside(BOUND).orElseThrow();
                Connection other = database.connect(database.admin)) {
            readOnly(server);
            server.raise(BOUND);
            assertThat(proven(server).sessionsEnded()).isEqualTo(1);
            assertThat(look.schemaLines(BOUND)).isEqualTo(server.schemaLines(BOUND));
            assertThatThrownBy(() -> TestDatabase.query(other, "SELECT 1")).isInstanceOf(SQLException.class);
            server.lower(BOUND);
            assertThat(look.schemaLines(BOUND)).isEqualTo(server.schemaLines(BOUND));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void leavesAnExemptRoleItsSessionAndItsWrites(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        String replicator = database.name + " replicator";
        database.server.createLogin(replicator, TestDatabase.SECRET + replicator);
        database.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + q(replicator));
        database.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + q(replicator));
        letAdminAlter(database, replicator);
        try (SourceServer server = database.open("run-1");
                Connection kept = database.connect(replicator)) {
            server.plan(FenceKind.READ_ONLY, Set.of(replicator), BOUND);
            server.raise(BOUND);
            assertThat(proven(server).sessionsEnded()).isZero();
            write(kept);
            try (Connection fresh = database.connect(replicator)) {
                write(fresh);
            }
            server.lower(BOUND);
        }
        assertThat(database.query(SETTINGS)).noneMatch(line -> line.contains(database.name));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isNotProvenWhileATransactionIsPrepared(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                Connection connection = database.connect(database.service)) {
            readOnly(server);
            connection.setAutoCommit(false);
            write(connection);
            connection.createStatement().execute("PREPARE TRANSACTION 'left-over'");
            server.raise(BOUND);
            assertFails(Kind.NOT_SO, "1 prepared transaction: ['left-over' of ", () -> proven(server));
            server.lower(BOUND);
            database.execute("ROLLBACK PREPARED 'left-over'");
        }
    }

    @Test
    void isNotProvenIfARoleWasOpenedSinceOrTheServicesAskForWrites() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Login asking = new Login(
                database.endpoint(),
                database.service,
                database.login(database.service).password(),
                Map.of("options", "-c default_transaction_read_only=off"));
        try (SourceServer server = PostgresServers.source(database.login(database.admin), asking, "run-1")
                .open(false, BOUND)) {
            readOnly(server);
            assertFails(Kind.NOT_SO, "not on for [the database]", () -> proven(server));
            server.raise(BOUND);
            assertFails(Kind.NOT_SO, "'options'", () -> proven(server));
            database.server.execute(
                    "postgres", "ALTER ROLE " + q(database.service) + " SET default_transaction_read_only = off");
            assertFails(Kind.NOT_SO, "role " + database.service, () -> proven(server));
            database.server.execute(
                    "postgres", "ALTER ROLE " + q(database.service) + " RESET default_transaction_read_only");
            server.lower(BOUND);
        }
    }

    @Test
    void isNotProvenWhileASessionWritesThatAskedForIt() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (SourceServer server = database.open("run-1")) {
            readOnly(server);
            server.raise(BOUND);
            try (ReconnectingWriter one = new ReconnectingWriter(database, "BEGIN READ WRITE", "SELECT pg_sleep(0.3)");
                    ReconnectingWriter two =
                            new ReconnectingWriter(database, "BEGIN READ WRITE", "SELECT pg_sleep(0.3)")) {
                assertThat(List.of(one, two)).isNotEmpty();
                assertFails(Kind.NOT_SO, " under the fence, in the session", () -> {
                    for (int tries = 0; tries < 200; tries++) { // they must come back while it looks
                        proven(server);
                    }
                });
            }
            server.lower(BOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void holdsWhileServicesReconnectAllTheTime(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (SourceServer server = database.open("run-1");
                ReconnectingWriter one = new ReconnectingWriter(database, "BEGIN", "COMMIT");
                ReconnectingWriter two = new ReconnectingWriter(database, "BEGIN", "COMMIT")) {
            readOnly(server);
            for (int round = 0; round < 4; round++) {
                one.awaitWrites(1);
                two.awaitWrites(1);
                server.raise(BOUND);
                proven(server);
                String rows =
                        database.query("SELECT count(*) FROM public.orders").get(0);
                one.awaitRefusals(1);
                two.awaitRefusals(1);
                assertThat(database.query("SELECT count(*) FROM public.orders")).containsExactly(rows);
                server.lower(BOUND);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void refusesLoginsButOurOwnAndReplicationsAndPutsTheGrantsBack(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        String replicator = database.name + " replicator";
        String granted = database.name + " granted";
        database.execute("CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'"
                .formatted(q(replicator), TestDatabase.SECRET + replicator));
        database.server.createLogin(granted, TestDatabase.SECRET + granted);
        database.execute("SET ROLE %s; GRANT CONNECT ON DATABASE %s TO %s WITH GRANT OPTION"
                .formatted(q(database.owner), q(database.name), q(granted)));
        String acl = "SELECT unnest(datacl)::text FROM pg_database WHERE datname = current_database() ORDER BY 1";
        List<String> before = database.query(acl);
        try (SourceServer server = database.open("run-1");
                Connection there = database.connect(granted)) {
            server.plan(FenceKind.NO_LOGIN, Set.of(), BOUND);
            assertThat(database.query(acl)).isEqualTo(before);
            awaitOneOtherSession(server);
            server.raise(BOUND);
            assertThat(proven(server)).isEqualTo(new Proven(1, "42501"));
            assertThat(there.isValid(1)).isFalse();
            assertThatThrownBy(() -> database.connect(granted)).hasMessageContaining("permission denied for database");
            database.connect(replicator).close();
            SourceServer heir = database.takeOver("run-1"); // which has to log in, fenced or not
            heir.lower(BOUND);
            heir.close();
        }
        assertThat(database.query(acl)).isEqualTo(before);
    }

    @Test
    void doesNotPromiseToRefuseLoginsThatItCannotRefuse() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        Login admin = database.login(database.admin);
        try (SourceServer server =
                PostgresServers.source(admin, database.superuser(), "run-1").open(false, BOUND)) {
            assertFails(Kind.REFUSED, "is a superuser", () -> server.plan(FenceKind.NO_LOGIN, Set.of(), BOUND));
        }
        try (SourceServer server = PostgresServers.source(admin, admin, "run-1").open(false, BOUND)) {
            assertFails(Kind.REFUSED, "a role of its own", () -> server.plan(FenceKind.NO_LOGIN, Set.of(), BOUND));
            assertFails(
                    Kind.REFUSED,
                    "nobody does not exist",
                    () -> server.plan(FenceKind.READ_ONLY, Set.of("nobody"), BOUND));
        }
    }

    @Test
    void listsSessionsAndEndsTheTransactionsOfStragglersOnly() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer server = database.open("run-1");
                Connection idle = database.connect(database.service);
                Connection straggler = database.connect(database.service)) {
            straggler.setAutoCommit(false);
            write(straggler);
            List<ClientSession> sessions = server.sessions(Set.of(), BOUND);
            assertThat(sessions).hasSize(2);
            assertThat(sessions.get(0).state()).isEqualTo("idle in transaction");
            assertThat(sessions.get(1).transactionAge()).isZero();
            assertThat(server.sessions(Set.of(database.service), BOUND)).isEmpty();
            server.endTransactions(sessions, BOUND);
            assertThatThrownBy(straggler::commit).isInstanceOf(SQLException.class);
            write(idle);
            assertThat(server.count("public.orders", BOUND)).isEqualTo(1);
        }
    }

    @Test
    void namesTheGrantThatIsMissing() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        String wide = database.name + " wide";
        database.server.createLogin(wide, TestDatabase.SECRET + wide);
        database.execute("ALTER ROLE " + q(wide) + " SET default_transaction_read_only = off");
        try (SourceServer server = database.open("run-1")) {
            assertFails(
                    Kind.REFUSED,
                    "GRANT " + q(wide) + " TO " + q(database.admin) + " WITH ADMIN OPTION",
                    () -> readOnly(server));
            database.execute("ALTER ROLE " + q(wide) + " RESET default_transaction_read_only");
            readOnly(server);
            database.execute("REVOKE pg_signal_backend, pg_read_all_stats FROM " + q(database.admin));
            assertFails(
                    Kind.REFUSED,
                    "GRANT pg_read_all_stats, pg_signal_backend TO " + q(database.admin),
                    () -> readOnly(server));
            database.execute("GRANT pg_signal_backend, pg_read_all_stats TO " + q(database.admin));
            database.execute("REVOKE " + q(database.owner) + " FROM " + q(database.admin));
            assertFails(Kind.REFUSED, "GRANT \"" + database.owner + "\" TO", () -> readOnly(server));
        }
    }

    @Test
    void saysWhichSuperuserSessionItMayNotEnd() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer server = database.open("run-1");
                Connection superuser = database.server.connect(database.name)) {
            readOnly(server);
            server.raise(BOUND);
            assertFails(Kind.NOT_SO, "belong to superusers", () -> proven(server));
            assertThat(superuser.isValid(1)).isTrue();
            server.lower(BOUND);
        }
    }

    @ParameterizedTest
    @CsvSource({"11, READ_ONLY", "18, NO_LOGIN"})
    void isSeenFromOutsideWithoutItsLock(int major, FenceKind kind) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        Login admin = database.login(database.admin);
        try (SourceServer server = database.open("run-1")) {
            server.plan(kind, Set.of(), BOUND);
            assertThat(PostgresServers.fence(admin, "run-1", BOUND).up()).isFalse();
            server.raise(BOUND);
            assertThat(PostgresServers.fence(admin, "run-1", BOUND).up()).isTrue();
            server.lower(BOUND);
            assertThat(PostgresServers.fence(admin, "run-1", BOUND).up()).isFalse();
        }
    }

    private static FencePlan readOnly(SourceServer server) throws ServerException {
        return server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
    }

    /** What a proof came to. */
    private record Proven(int sessionsEnded, String refusal) {}

    /** Sessions that were closed are still there for a moment, and would be counted among those that are ended. */
    private static void awaitOneOtherSession(SourceServer server) {
        await().until(() -> server.sessions(Set.of(), BOUND).size() == 1);
    }

    private static Proven proven(SourceServer server) throws ServerException {
        FenceProof proof = server.prove(Optional.empty(), BOUND);
        return new Proven(proof.sessionsEnded(), proof.refusal(BOUND));
    }
}
