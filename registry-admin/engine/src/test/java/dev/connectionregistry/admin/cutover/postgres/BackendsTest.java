package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.postgres.Backends.BackendId;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ground that the fence's proof stands on: how a server of each version starts a backend. */
class BackendsTest {
    private static final String STARTING = """
            SELECT pid
            FROM pg_locks
            WHERE locktype = 'object'
              AND granted
              AND classid = 'pg_database'::regclass
              AND mode = 'RowExclusiveLock'
              AND objid = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void waitsForABackendThatReadsItsSettingsAndIsInNoListYet(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Session session = Session.open(database.login(database.admin), "test", BOUND);
                Connection gate = database.server.connect(database.name)) {
            gate.setAutoCommit(false);
            gate.createStatement().execute("LOCK TABLE pg_db_role_setting IN ACCESS EXCLUSIVE MODE");
            Future<Connection> starter = threads.submit(() -> database.connect(database.service));
            await().atMost(BOUND)
                    .until(() -> !TestDatabase.query(gate, STARTING).isEmpty());
            Future<Integer> ended =
                    threads.submit(() -> session.call("end", "", BOUND, ending(session, database.server.superuser())));
            String seen = """
                    SELECT count(*)
                    FROM pg_stat_activity
                    WHERE usename = '%s' AND query ~ 'pg_locks'
                    """.formatted(database.admin);
            await().atMost(BOUND).until(() -> TestDatabase.query(gate, seen), each -> each.equals(List.of("1")));
            assertThat(ended.isDone()).isFalse();
            gate.rollback();
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            requireEnded(starter);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void requireEnded(Future<Connection> starter) throws Exception {
        try (Connection started = starter.get(10, TimeUnit.SECONDS)) {
            await().atMost(Duration.ofSeconds(5)).until(() -> !started.isValid(1));
        } catch (ExecutionException e) { // so soon that the driver still had questions of its own
            assertThat(e.getCause()).isInstanceOfSatisfying(SQLException.class, ended -> assertThat(ended.getSQLState())
                    .isEqualTo("57P01"));
        }
    }

    /** The gate is a superuser's and could not be ended. */
    private static Session.Work<Integer> ending(Session session, String superuser) {
        return bound -> {
            Backends backends = new Backends(session);
            Map<BackendId, Backends.Backend> earlier =
                    backends.earlier(Backends.Scope.clients(Set.of(superuser)), bound);
            backends.beginToEnd(earlier, bound);
            backends.awaitGone(earlier, bound);
            return earlier.size();
        };
    }
}
