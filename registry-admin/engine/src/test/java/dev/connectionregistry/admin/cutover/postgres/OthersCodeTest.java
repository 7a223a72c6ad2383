package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.HeldWatch;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.postgres.TableCounts;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A services' role that owns its database lays traps for the administrator's sessions. */
class OthersCodeTest {
    /** What an administrator's statements call; each trap makes its owner a superuser. */
    private static final List<String> TRAPS = List.of(
            "set_config(text, text, boolean) RETURNS text",
            "current_setting(text) RETURNS text",
            "pg_backend_pid() RETURNS int",
            "host(inet) RETURNS text",
            "inet_server_addr() RETURNS inet",
            "inet_server_port() RETURNS int",
            "to_regclass(text) RETURNS regclass",
            "quote_ident(text) RETURNS text",
            "length(text) RETURNS int",
            "pg_notify(text, text) RETURNS text",
            "climb() RETURNS text",
            "unnest(text[]) RETURNS SETOF text",
            "aclexplode(aclitem[]) RETURNS TABLE (grantor oid, grantee oid, privilege_type text, is_grantable boolean)");

    private static TestDatabase ownedByServices(int major) throws SQLException {
        TestDatabase database = TestDatabase.on(major);
        database.execute("ALTER DATABASE " + q(database.name) + " OWNER TO " + q(database.service));
        return database;
    }

    private static void asServices(TestDatabase database, List<String> statements) throws SQLException {
        try (Connection connection = database.connect(database.service);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static void layTraps(TestDatabase database) throws SQLException {
        String climb = "ALTER ROLE " + q(database.service) + " SUPERUSER";
        asServices(database, List.of("CREATE SCHEMA traps"));
        for (String each : TRAPS) {
            String result = each.contains("SETOF") || each.contains("TABLE") ? "" : " NULL";
            asServices(database, List.of("""
                    CREATE FUNCTION traps.%s LANGUAGE plpgsql AS $trap$
                    BEGIN
                      %s;
                      RETURN%s;
                    END $trap$
                    """.formatted(each, climb, result)));
        }
        asServices(
                database,
                List.of(
                        "CREATE VIEW traps.pg_stat_activity AS SELECT traps.climb() AS application_name",
                        "ALTER DATABASE " + q(database.name) + " SET search_path = traps, public, pg_catalog"));
    }

    private static void assertNobodyClimbed(TestDatabase database) throws SQLException {
        assertThat(database.query("""
                SELECT pg_catalog.count(*)
                FROM pg_catalog.pg_roles
                WHERE rolsuper AND rolname LIKE 'Orders%'
                """)).containsExactly("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void findNoFunctionOfTheirsOnTheSearchPath(int major) throws Exception {
        TestDatabase database = ownedByServices(major);
        layTraps(database);
        try (SourceServer server = PostgresServers.source(
                        database.superuser(), database.login(database.service), "run-1")
                .open(false, BOUND)) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            assertThat(server.prove(Optional.empty(), BOUND).refusal(BOUND)).isEqualTo("25006");
            assertThat(server.count("orders", BOUND))
                    .as("what everybody means by that name")
                    .isZero();
            server.lower(BOUND);
        }
        assertNobodyClimbed(database);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void areNotExecutedByTheSessionThatSignals(int major) throws Exception {
        TestDatabase database = ownedByServices(major);
        layTraps(database);
        CommittedSecret secret = CommittedSecret.random();
        try (CoordinatorSignals signals = PostgresServers.signals(database.superuser(), "run-1");
                HeldWatch watch = signals.watchHeld();
                Connection instance = database.connect(database.service);
                Statement statement = instance.createStatement()) {
            statement.execute("LISTEN \"connection_registry_run-1\"");
            statement.execute("SET application_name = '" + HeldSignal.applicationName(secret, "0123456789") + "'");
            await().atMost(BOUND)
                    .until(() -> !watch.await(Duration.ofMillis(100)).held().isEmpty());
            assertThat(instance.unwrap(PGConnection.class).getNotifications((int) BOUND.toMillis()))
                    .extracting(PGNotification::getParameter)
                    .contains(Announcement.HEARTBEAT);
        }
        assertNobodyClimbed(database);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 17, 18})
    void areNotExecutedByAViewInPlaceOfATable(int major) throws Exception {
        TestDatabase database = ownedByServices(major);
        asServices(
                database,
                List.of("""
                        CREATE FUNCTION public.climb() RETURNS int LANGUAGE plpgsql AS $trap$
                        BEGIN
                          ALTER ROLE %s SUPERUSER;
                          RETURN 1;
                        END $trap$
                        """.formatted(q(database.service)), "CREATE VIEW public.trap AS SELECT public.climb() AS id"));
        try (Session session = Session.open(database.superuser(), "admin", BOUND)) {
            assertFails(Kind.REFUSED, "view", () -> new TableCounts(session)
                    .count(List.of(new TableName("public", "trap")), BOUND));
        }
        assertNobodyClimbed(database);
    }

    @Test
    void doNotFillTheMemoryWithAComment() throws Exception {
        TestDatabase database = ownedByServices(18);
        asServices(database, List.of("""
                DO $$ BEGIN
                  EXECUTE 'COMMENT ON DATABASE %s IS ''' || repeat('x', 2000000) || '''';
                END $$
                """.formatted(q(database.name))));
        try (SourceServer server = PostgresServers.source(
                        database.superuser(), database.login(database.service), "run-1")
                .open(false, BOUND)) {
            assertFails(Kind.NOT_SO, "2000000 characters; the limit is", () -> plan(server));
        }
    }

    private static void plan(SourceServer server) throws ServerException {
        server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
    }
}
