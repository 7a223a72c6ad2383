package dev.connectionregistry.admin.replication.postgres.reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replication that really fails, and the causes that are found for it: with and without a log that can be read. */
@Tag("database-side")
@Timeout(120)
class FailureReasonsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<String, LocalPostgres> SERVERS = new ConcurrentHashMap<>();

    /** Two servers with a publication and, once it is made, a subscription of it. */
    private static final class Replicated implements AutoCloseable {
        final LocalPostgres source;
        final LocalPostgres target;
        final String database = "reasons" + NUMBER.incrementAndGet();
        final String sub = database + "_sub";
        final WorkerFailure copy = copying("orders");
        final WorkerFailure apply = WorkerFailure.applying(sub);
        final String replicator = database + "_replicator";

        Replicated(int sourceMajor, int targetMajor, String log) throws SQLException {
            this.source = server(sourceMajor, log);
            this.target = server(targetMajor, log);
            for (LocalPostgres each : new LocalPostgres[] {source, target}) {
                each.execute("postgres", "CREATE DATABASE " + database);
            }
            source.execute(
                    "postgres", "CREATE ROLE " + replicator + " LOGIN SUPERUSER PASSWORD 'for the subscription'");
            both("CREATE TABLE orders (id int PRIMARY KEY, what text)");
            source.execute(
                    database,
                    "INSERT INTO orders SELECT i, 'tea' FROM generate_series(1, 100) AS i",
                    "CREATE PUBLICATION pub FOR TABLE orders");
        }

        private static LocalPostgres server(int major, String log) {
            return SERVERS.computeIfAbsent(major + log, key -> {
                var builder = LocalPostgres.builder(major).setting("wal_retrieve_retry_interval", "500ms");
                if (!log.equals("none")) {
                    builder.setting("logging_collector", "on").setting("log_destination", log);
                }
                return builder.start();
            });
        }

        WorkerFailure copying(String table) {
            return WorkerFailure.copying(sub, new TableName("public", table));
        }

        void both(String... statements) throws SQLException {
            source.execute(database, statements);
            target.execute(database, statements);
        }

        Replicated subscribe() throws SQLException {
            target.execute(database, """
                    CREATE SUBSCRIPTION %s
                    CONNECTION 'host=%s port=%s dbname=%s user=%s password=''for the subscription'''
                    PUBLICATION pub
                    """.formatted(sub, source.host(), source.port(), database, replicator));
            return this;
        }

        void awaitCopied() {
            await().atMost(PATIENCE)
                    .until(() -> one(target, "SELECT count(*) FROM orders").equals("100"));
            await().atMost(PATIENCE)
                    .until(() -> one(target, "SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel")
                            .equals("t"));
        }

        String one(LocalPostgres server, String sql) throws SQLException {
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }

        private Login login(LocalPostgres server) {
            return new Login(
                    new Endpoint(server.host(), server.port(), database),
                    server.superuser(),
                    () -> new Secret(server.password()),
                    Map.of());
        }

        FailureReason cause(WorkerFailure trouble) throws Exception {
            try (PostgresFailureReasons reasons =
                    PostgresFailureReasons.open(login(source), login(target), Duration.ofSeconds(10))) {
                return reasons.of(trouble, Duration.ofSeconds(10));
            }
        }

        /** Looked for until a worker has failed at all. */
        void awaitCause(WorkerFailure trouble, String what, String remedy) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                FailureReason cause = cause(trouble);
                assertThat(cause.what()).contains(what).doesNotContain("for the subscription");
                assertThat(cause.remedy()).contains(remedy);
                assertThat(cause.known()).isTrue();
            });
        }

        @Override
        public void close() throws SQLException {
            target.execute(database, """
                    DO $$ BEGIN
                      IF EXISTS (SELECT FROM pg_subscription WHERE subname = '%1$s') THEN
                        ALTER SUBSCRIPTION %1$s DISABLE;
                        ALTER SUBSCRIPTION %1$s SET (slot_name = NONE);
                        DROP SUBSCRIPTION %1$s;
                      END IF;
                    END $$
                    """.formatted(sub));
            await().atMost(PATIENCE).until(() -> one(
                            source,
                            "SELECT count(*) FROM pg_replication_slots WHERE active AND database = current_database()")
                    .equals("0"));
            source.execute(
                    database,
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 18, none", "17, 18, stderr", "17, 18, jsonlog", "18, 11, csvlog", "18, 11, none"})
    void aDuplicateKey(int source, int target, String log) throws Exception {
        try (Replicated servers = new Replicated(source, target, log)) {
            servers.target.execute(servers.database, "INSERT INTO orders VALUES (50, 'coffee')");
            servers.subscribe();
            servers.awaitCause(
                    servers.copy,
                    "duplicate key value violates unique constraint \"orders_pkey\"",
                    "TRUNCATE \"public\".\"orders\";");
            if (!log.equals("none")) {
                servers.awaitCause(servers.copy, "the log of the target, ", "TRUNCATE");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stderr", "jsonlog"})
    void aChangeThatCannotBeApplied(String log) throws Exception {
        try (Replicated servers = new Replicated(17, 18, log).subscribe()) {
            servers.awaitCopied();
            servers.target.execute(servers.database, "INSERT INTO orders VALUES (500, 'coffee')");
            servers.source.execute(servers.database, "INSERT INTO orders VALUES (500, 'tea')");
            servers.awaitCause(
                    servers.apply,
                    "the log of the target, ",
                    "ALTER SUBSCRIPTION \"" + servers.sub + "\" SKIP (lsn = '0/");
        }
    }

    @ParameterizedTest
    @CsvSource({"none", "stderr"})
    void aColumnThatTheTargetLacks(String log) throws Exception {
        try (Replicated servers = new Replicated(17, 18, log)) {
            servers.target.execute(servers.database, "ALTER TABLE orders DROP COLUMN what");
            servers.subscribe();
            servers.awaitCause(servers.copy, "what", "make the target's schema like the source's");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 18, none", "17, 18, csvlog", "18, 13, none"})
    void aFunctionThatIsNotFoundWithAnEmptySearchPath(int source, int target, String log) throws Exception {
        try (Replicated servers = new Replicated(source, target, log)) {
            servers.both(
                    "CREATE FUNCTION known(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> '''''",
                    "CREATE FUNCTION fine(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN known($1); END'",
                    "ALTER TABLE orders ADD CHECK (fine(what))");
            servers.subscribe();
            servers.awaitCause(servers.copy, "function known(text) does not exist", "SET search_path");
        }
    }

    @ParameterizedTest
    @CsvSource({"none", "stderr"})
    void rowSecurityThatIsForcedOnTheOwner(String log) throws Exception {
        try (Replicated servers = new Replicated(17, 18, log)) {
            servers.target.execute(
                    servers.database,
                    "CREATE ROLE " + servers.database + "_owner",
                    "ALTER TABLE orders OWNER TO " + servers.database + "_owner",
                    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
                    "ALTER TABLE orders FORCE ROW LEVEL SECURITY");
            servers.subscribe();
            servers.awaitCause(servers.copy, "row-level security", "NO FORCE ROW LEVEL SECURITY");
        }
    }

    @ParameterizedTest
    @CsvSource({"none", "jsonlog"})
    void aRightThatTheReplicationRoleLacks(String log) throws Exception {
        try (Replicated servers = new Replicated(17, 18, log).subscribe()) {
            servers.awaitCopied();
            servers.both("CREATE TABLE later (id int PRIMARY KEY)");
            servers.source.execute(
                    servers.database,
                    "ALTER ROLE " + servers.replicator + " NOSUPERUSER REPLICATION",
                    "ALTER PUBLICATION pub ADD TABLE later");
            servers.target.execute(servers.database, "ALTER SUBSCRIPTION " + servers.sub + " REFRESH PUBLICATION");
            servers.awaitCause(servers.copying("later"), "permission denied for table later", "grant that right");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 18, none", "18, 11, none", "17, 18, stderr"})
    void aPasswordThatIsWrong(int source, int target, String log) throws Exception {
        try (Replicated servers = new Replicated(source, target, log).subscribe()) {
            servers.awaitCopied();
            servers.source.execute(
                    servers.database,
                    "ALTER ROLE " + servers.replicator + " PASSWORD 'another'",
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()");
            servers.awaitCause(servers.apply, "password authentication failed", "let the target's server log in");
        }
    }

    @Test
    void nothingIsTriedWhereSomebodyElsesFunctionMightRun() throws Exception {
        try (Replicated servers = new Replicated(17, 18, "none")) {
            String owner = servers.database + "_owner";
            servers.target.execute(
                    servers.database,
                    "CREATE ROLE " + owner,
                    "CREATE SEQUENCE ran",
                    """
                    CREATE FUNCTION climb(text) RETURNS boolean LANGUAGE plpgsql AS '
                    BEGIN
                      RESET ROLE;
                      PERFORM nextval(''public.ran'');
                      RETURN false;
                    END'
                    """,
                    "ALTER FUNCTION climb(text) OWNER TO " + owner,
                    "ALTER TABLE orders ADD CHECK (climb(what))",
                    "ALTER TABLE orders OWNER TO " + owner);
            assertThat(servers.one(servers.target, "SELECT is_called FROM ran")).isEqualTo("f");
            FailureReason cause = servers.subscribe().cause(servers.copy);
            assertThat(cause.known()).isFalse();
            assertThat(servers.one(servers.target, "SELECT is_called FROM ran")).isEqualTo("f");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17})
    void nothingIsReadFromAViewThatTookTheTablesPlace(int source) throws Exception {
        try (Replicated servers = new Replicated(source, 18, "none").subscribe()) {
            servers.awaitCopied();
            servers.source.execute(
                    servers.database,
                    "DROP TABLE orders",
                    "CREATE SEQUENCE ran",
                    "CREATE VIEW orders AS SELECT nextval('public.ran') AS id, 'tea'::text AS what");
            servers.cause(servers.copy);
            assertThat(servers.one(servers.source, "SELECT is_called FROM ran")).isEqualTo("f");
        }
    }

    @Test
    void aTimeoutOfTheSource() throws Exception {
        try (Replicated servers = new Replicated(17, 18, "stderr").subscribe()) {
            servers.awaitCopied();
            servers.both("CREATE TABLE large (id int PRIMARY KEY, what text)");
            servers.source.execute(
                    servers.database,
                    "INSERT INTO large SELECT i, repeat('tea', 50) FROM generate_series(1, 300000) AS i",
                    "ALTER ROLE %s IN DATABASE %s SET statement_timeout = '100ms'"
                            .formatted(servers.replicator, servers.database),
                    "ALTER PUBLICATION pub ADD TABLE large");
            await().atMost(PATIENCE)
                    .ignoreExceptions() // it may be too short for this as well
                    .until(() -> {
                        servers.target.execute(
                                servers.database, "ALTER SUBSCRIPTION " + servers.sub + " REFRESH PUBLICATION");
                        return true;
                    });
            servers.awaitCause(servers.copying("large"), "statement timeout", "statement_timeout = 0");
        }
    }

    @Test
    void aPublicationThatIsGone() throws Exception {
        try (Replicated servers = new Replicated(17, 18, "none").subscribe()) {
            servers.awaitCopied();
            servers.source.execute(servers.database, "DROP PUBLICATION pub");
            servers.awaitCause(servers.apply, "the source has no publication \"pub\"", "replication stop, empty");
        }
    }

    @Test
    void aSlotThatIsGone() throws Exception {
        try (Replicated servers = new Replicated(17, 18, "none").subscribe()) {
            servers.awaitCopied();
            servers.target.execute(servers.database, "ALTER SUBSCRIPTION " + servers.sub + " DISABLE");
            await().atMost(PATIENCE).until(() -> servers.one(
                            servers.source,
                            "SELECT count(*) FROM pg_replication_slots WHERE active AND database = current_database()")
                    .equals("0"));
            servers.source.execute(servers.database, "SELECT pg_drop_replication_slot('" + servers.sub + "')");
            servers.target.execute(servers.database, "ALTER SUBSCRIPTION " + servers.sub + " ENABLE");
            servers.awaitCause(
                    servers.apply, "the source has no slot \"" + servers.sub + "\"", "replication stop, empty");
        }
    }

    @Test
    void whereToLookIfNobodyMayReadTheLog() throws Exception {
        try (Replicated servers = new Replicated(17, 18, "none").subscribe()) {
            servers.awaitCopied();
            servers.target.execute(servers.database, "INSERT INTO orders VALUES (500, 'coffee')");
            servers.source.execute(servers.database, "INSERT INTO orders VALUES (500, 'tea')");
            FailureReason cause = servers.cause(servers.apply);
            assertThat(cause.known()).isFalse();
            assertThat(cause.remedy())
                    .contains(
                            "look into the log of " + servers.target.host() + ":" + servers.target.port(),
                            "log_destination stderr, no collector",
                            "worker for subscription \"" + servers.sub + "\" has started");
        }
    }
}
