package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.postgres.StatementCutter.Lost;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.FenceMark;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The coordinator dies at each request that it sends to put the fence up, to note that it stays, or to take it down. Whatever is left,
 * fence and record stand together or not at all, and the next coordinator or a person takes both down.
 */
@Tag("storm")
@Timeout(300)
class FenceCutStormTest {
    private static final String RUN = "run-1";
    /** A session tells the server each new bound, which is a request to be cut at as well. */
    private static final Duration OTHER_BOUND = BOUND.plusSeconds(5);

    private static final String RIGHTS = """
            SELECT coalesce((SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting
                WHERE setdatabase = d.oid AND setrole = 0), 'no setting')
              || ' | ' || coalesce(d.datacl::text, '')
              || ' | ' || coalesce((SELECT string_agg(proname || coalesce(proacl::text, ''), ',' ORDER BY oid)
                FROM pg_proc WHERE proname LIKE 'lo\\_%' AND pronamespace = 'pg_catalog'::regnamespace), '')
            FROM pg_database d WHERE d.datname = current_database()
            """;
    private static final String COMMENT = """
            SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database
            WHERE datname = current_database()
            """;

    /** What a fence changes. */
    private record State(String rights, String comment) {
        static State of(TestDatabase database) throws Exception {
            return new State(
                    database.query(RIGHTS).get(0), database.query(COMMENT).get(0));
        }

        /** Up with its record, or neither. */
        void requireTogether(State before) {
            boolean fenced = !rights.equals(before.rights);
            assertThat(comment.contains(FenceMark.RECORD)).as(toString()).isEqualTo(fenced);
        }
    }

    private enum Work {
        RAISE {
            @Override
            void begin(SourceServer server) {}

            @Override
            void run(SourceServer server) throws ServerException {
                server.raise(OTHER_BOUND);
            }
        },
        LOWER {
            @Override
            void run(SourceServer server) throws ServerException {
                server.lower(OTHER_BOUND);
            }
        },
        KEEP {
            @Override
            void run(SourceServer server) throws ServerException {
                server.keepFence(OTHER_BOUND);
            }
        };

        void begin(SourceServer server) throws ServerException {
            server.raise(BOUND);
        }

        abstract void run(SourceServer server) throws ServerException;
    }

    @ParameterizedTest
    @CsvSource({
        "11, RAISE, read-only", "11, LOWER, read-only", "11, KEEP, read-only",
        "17, RAISE, read-only", "17, LOWER, read-only", "17, KEEP, read-only",
        "17, RAISE, no-login", "17, LOWER, no-login"
    })
    void leavesNoFenceWithoutARecordAndNoRecordThatNobodyTakesDown(int major, Work work, String kind) throws Exception {
        FenceKind fence = kind.equals("no-login") ? FenceKind.NO_LOGIN : FenceKind.READ_ONLY;
        TestDatabase database = TestDatabase.on(major);
        database.execute("COMMENT ON DATABASE " + TestDatabase.q(database.name) + " IS 'ours'");
        try (SourceServer server =
                database.open(RUN)) { // rights that were never written out are, from the first fence on
            server.plan(fence, Set.of(), BOUND);
            server.raise(BOUND);
            server.lower(BOUND);
        }
        State before = State.of(database);
        int cuts = 0;
        try (StatementCutter cutter = new StatementCutter(database.server)) {
            for (Lost lost : Lost.values()) {
                for (int pass = 0; cutAt(pass, lost, work, fence, database, cutter); pass++) {
                    cuts++;
                    clean(database, fence, cuts % 2 == 0, before);
                    assertThat(State.of(database)).as(lost + " " + pass).isEqualTo(before);
                }
                clean(database, fence, false, before);
            }
        }
        assertThat(cuts).isGreaterThan(2 * 3);
    }

    /** Whether the connection was cut, so that there are more places for it. */
    private static boolean cutAt(
            int pass, Lost lost, Work work, FenceKind fence, TestDatabase database, StatementCutter cutter)
            throws Exception {
        try (SourceServer server = PostgresServers.source(
                        through(cutter, database), database.login(database.service), RUN)
                .open(true, BOUND)) {
            server.plan(fence, Set.of(), BOUND);
            work.begin(server);
            cutter.arm(pass, lost);
            try {
                work.run(server);
            } catch (ServerException e) {
                assertThat(e.kind()).isEqualTo(ServerException.Kind.SESSION_LOST);
            }
            return cutter.disarm();
        }
    }

    private static Login through(StatementCutter cutter, TestDatabase database) {
        return new Login(
                new Endpoint("127.0.0.1", cutter.port(), database.name),
                database.admin,
                () -> new Secret(SECRET + database.admin),
                Map.of("sslmode", "disable", "gssEncMode", "disable"));
    }

    /** As {@code cutover abort} does, or, where it resumes, after the fence is put up again. */
    private static void clean(TestDatabase database, FenceKind kind, boolean resumes, State before) throws Exception {
        try (SourceServer next = database.takeOver(RUN)) {
            State.of(database).requireTogether(before);
            next.plan(kind, Set.of(), BOUND);
            if (resumes) {
                next.raise(BOUND);
                State.of(database).requireTogether(before);
            }
            next.lower(BOUND);
        } catch (ServerException e) { // it stays by the record, for no run to take down
            assertThat(State.of(database).comment()).contains("\"kept\":true");
            assertThat(e).message().contains("default_transaction_read_only");
            byHand(database, String.valueOf(e.getMessage()));
        }
    }

    /** The statements that the refusal prints, in one session. */
    private static void byHand(TestDatabase database, String refusal) throws Exception {
        try (Connection session = database.server.connect(database.name);
                Statement statement = session.createStatement()) {
            String statements = refusal.substring(refusal.indexOf("in one session: ") + "in one session: ".length());
            for (String each : statements.split("; (?=SET |ALTER |GRANT |REVOKE |DO |/\\*)", -1)) {
                statement.execute(each);
            }
        }
    }
}
