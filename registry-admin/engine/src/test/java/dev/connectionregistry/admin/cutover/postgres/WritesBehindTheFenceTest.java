package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session that begins behind a proven read-only fence can and can't commit: the table in docs/security.md, tried. */
class WritesBehindTheFenceTest {
    private static final String WRITE = "INSERT INTO public.orders (what) VALUES ('behind')";
    private static final String REFUSED = "25006";

    /** Each with how it ends: the SQLState, or nothing if it succeeds. */
    private static Map<String, List<String>> refused() {
        Map<String, List<String>> tries = new LinkedHashMap<>();
        tries.put("a plain write", List.of(WRITE));
        tries.put("a function with a default of its own", List.of("SELECT public.with_default()"));
        tries.put("a function that switches the transaction", List.of("SELECT public.switching()"));
        String quoted = WRITE.replace("'", "''").replace("''behind''", "'behind'");
        tries.put("a block that switches the transaction", List.of("""
                DO $$ BEGIN
                  SET TRANSACTION READ WRITE;
                  %s;
                END $$
                """.formatted(quoted)));
        tries.put(
                "set_config in the query",
                List.of("BEGIN", "SELECT set_config('transaction_read_only', 'off', true)", WRITE));
        tries.put("a loop back by dblink", List.of("SELECT public.by_dblink()"));
        tries.put("a foreign table", List.of("INSERT INTO public.far (what) VALUES ('behind')"));
        tries.put("nextval", List.of("SELECT nextval('public.orders_id_seq')"));
        tries.put("setval", List.of("SELECT setval('public.orders_id_seq', 1)"));
        tries.put("a temporary table", List.of("CREATE TEMPORARY TABLE t (id int)"));
        tries.put("a row lock", List.of("SELECT * FROM public.orders FOR UPDATE"));
        tries.put("EXPLAIN ANALYZE", List.of("EXPLAIN ANALYZE " + WRITE));
        tries.put("a materialized view", List.of("REFRESH MATERIALIZED VIEW public.seen"));
        tries.put("COPY FROM PROGRAM", List.of("COPY public.orders FROM PROGRAM 'echo'"));
        return tries;
    }

    /** They succeed and leave no row of a table behind. */
    private static Map<String, List<String>> harmless() {
        Map<String, List<String>> tries = new LinkedHashMap<>();
        tries.put("a notification", List.of("NOTIFY orders"));
        tries.put("a message in the WAL", List.of("SELECT pg_logical_emit_message(true, 'x', 'y')"));
        tries.put("an advisory lock", List.of("SELECT pg_advisory_lock(1)"));
        tries.put("VACUUM and ANALYZE", List.of("ANALYZE public.orders"));
        return tries;
    }

    /** Only no-login stops them: the fence is a default, and these ask for more in so many words. */
    private static Map<String, List<String>> asking() {
        Map<String, List<String>> tries = new LinkedHashMap<>();
        tries.put("BEGIN READ WRITE", List.of("BEGIN READ WRITE", WRITE, "COMMIT"));
        tries.put("SET in the session", List.of("SET default_transaction_read_only = off", WRITE));
        tries.put(
                "SET SESSION CHARACTERISTICS", List.of("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", WRITE));
        return tries;
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void onlyWhoAsksForAReadWriteTransactionInSoManyWordsCommitsRows(int major) throws Exception {
        TestDatabase database = prepared(major);
        try (SourceServer server = database.open("run-1")) {
            server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            server.raise(BOUND);
            server.prove(Optional.empty(), BOUND).refusal(BOUND);
            String before = rows(database);
            for (Map.Entry<String, List<String>> each : refused().entrySet()) {
                String service = "COPY FROM PROGRAM".equals(each.getKey()) ? null : database.service;
                assertThat(outcome(database, service, each.getValue()))
                        .as(each.getKey())
                        .isNotEmpty();
            }
            for (Map.Entry<String, List<String>> each : harmless().entrySet()) {
                assertThat(outcome(database, database.service, each.getValue()))
                        .as(each.getKey())
                        .isEmpty();
            }
            for (String call : List.of("lo_create(0)", "lo_from_bytea(0, 'x')", "lo_unlink(1)", "lo_put(1, 0, 'x')")) {
                assertThat(outcome(database, database.service, List.of("SELECT " + call)))
                        .as(call)
                        .isIn(REFUSED, "42501");
            }
            assertThat(rows(database)).isEqualTo(before);
            for (Map.Entry<String, List<String>> each : asking().entrySet()) {
                assertThat(outcome(database, database.service, each.getValue()))
                        .as(each.getKey())
                        .isEmpty();
            }
            assertThat(rows(database)).isEqualTo(String.valueOf(Integer.parseInt(before) + asking().size()));
            server.lower(BOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void behindNoLoginNobodyAsks(int major) throws Exception {
        TestDatabase database = prepared(major);
        try (SourceServer server = database.open("run-1")) {
            server.plan(FenceKind.NO_LOGIN, Set.of(), BOUND);
            server.raise(BOUND);
            server.prove(Optional.empty(), BOUND).refusal(BOUND);
            for (Map.Entry<String, List<String>> each : asking().entrySet()) {
                assertThat(outcome(database, database.service, each.getValue()))
                        .as(each.getKey())
                        .isEqualTo("42501");
            }
            server.lower(BOUND);
        }
    }

    private static TestDatabase prepared(int major) throws SQLException, ServerException {
        TestDatabase database = TestDatabase.on(major);
        database.server.execute(
                "postgres", "ALTER DATABASE " + q(database.name) + " SET search_path = public, pg_catalog");
        String connection = database.server
                .connectionString("postgres")
                .replace("dbname=postgres", "dbname='" + database.name + "'");
        database.execute(
                """
                CREATE FUNCTION public.with_default() RETURNS void LANGUAGE sql
                SET default_transaction_read_only = off
                AS $$ %s $$
                """.formatted(WRITE),
                """
                CREATE FUNCTION public.switching() RETURNS void LANGUAGE plpgsql AS $$
                BEGIN
                  SET TRANSACTION READ WRITE;
                  %s;
                END $$
                """.formatted(WRITE),
                "CREATE EXTENSION dblink SCHEMA public",
                "CREATE EXTENSION postgres_fdw SCHEMA public",
                """
                CREATE FUNCTION public.by_dblink() RETURNS text LANGUAGE sql SECURITY DEFINER
                AS $$ SELECT public.dblink_exec($c$%s$c$, $w$%s$w$) $$
                """.formatted(connection, WRITE),
                """
                CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw
                OPTIONS (host '%s', port '%s', dbname '%s')
                """.formatted(database.server.host(), database.server.port(), database.name),
                """
                CREATE USER MAPPING FOR PUBLIC SERVER loop
                OPTIONS (user '%1$s', password '%2$s%1$s')
                """.formatted(database.service.replace("'", "''"), TestDatabase.SECRET),
                "CREATE FOREIGN TABLE public.far (id bigint, what text) SERVER loop OPTIONS (table_name 'orders')",
                "GRANT ALL ON public.far TO " + q(database.service),
                "CREATE MATERIALIZED VIEW public.seen AS SELECT count(*) FROM public.orders",
                "ALTER MATERIALIZED VIEW public.seen OWNER TO " + q(database.owner),
                "GRANT " + q(database.owner) + " TO " + q(database.service),
                WRITE);
        return database;
    }

    /** In a session of its own: the SQLState of the first that fails, empty if none does; a superuser's if there is no role. */
    private static String outcome(
            TestDatabase database, @org.jspecify.annotations.Nullable String role, List<String> statements) {
        try (Connection connection = role == null ? database.server.connect(database.name) : database.connect(role);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return "";
        } catch (SQLException e) {
            return PostgresErrors.state(e);
        }
    }

    private static String rows(TestDatabase database) throws SQLException {
        return database.query("SELECT count(*) FROM public.orders").get(0);
    }
}
