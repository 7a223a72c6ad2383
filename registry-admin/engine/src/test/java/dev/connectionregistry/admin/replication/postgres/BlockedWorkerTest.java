package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.postgres.PostgresServers;
import dev.connectionregistry.admin.postgres.SchemaReader;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.postgres.reason.PostgresFailureReasons;
import dev.connectionregistry.admin.replication.postgres.verify.VerifyServers;
import dev.connectionregistry.admin.replication.status.ReplicationWatch;
import dev.connectionregistry.admin.replication.status.ReplicationWatch.StatusOptions;
import dev.connectionregistry.admin.replication.status.StatusReport;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.local.LogicalReplication;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

/** Workers that wait for somebody else's lock, on two real servers. */
@Tag("database-side")
@Timeout(120)
class BlockedWorkerTest {
    /** Somebody with a transaction that holds a lock, and data in its statement. */
    private static final class Locker implements AutoCloseable {
        private final Connection connection;
        /** Its backend's process id, which must be named. */
        private final String pid;

        Locker(TestDatabase database, String mode) throws SQLException {
            connection = database.server.connect(database.name);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET application_name = 'night report'");
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE public.orders IN " + mode + " MODE");
                statement.execute("SELECT txid_current()");
                statement.execute("SELECT 'a secret of a customer'");
            }
            pid = String.valueOf(connection.unwrap(PGConnection.class).getBackendPID());
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static StatusReport look(VerifyServers servers) {
        return new ReplicationWatch(
                        (pair, bound) -> PostgresReplicationView.open(
                                servers.source.superuser(), servers.target.superuser(), bound),
                        (pair, bound) -> PostgresFailureReasons.open(
                                servers.source.superuser(), servers.target.superuser(), bound),
                        new SystemTiming(),
                        new CommandText(() -> "registry-admin"))
                .once(servers.pair(), new StatusOptions(List.of(), 64 << 20, Duration.ofSeconds(30)), text -> {});
    }

    private static Stream<Problem> bad(StatusReport report) {
        return report.problems().stream().filter(Problem::bad);
    }

    @ParameterizedTest
    @CsvSource({"17, 18", "18, 11"})
    void namesWhoHoldsTheLockThatTheWorkerWaitsFor(int sourceMajor, int targetMajor) throws Exception {
        try (VerifyServers servers = VerifyServers.of(sourceMajor, targetMajor)) {
            servers.replicate().awaitCaughtUp(Duration.ofSeconds(30));
            try (Locker locker = new Locker(servers.target, "SHARE")) {
                servers.source.execute("INSERT INTO public.orders (what) VALUES ('tea')");
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(20))
                        .ignoreExceptionsInstanceOf(
                                OperationException.class) // a look has a bound, which a busy machine needs
                        .untilAsserted(() -> assertThat(bad(look(servers))).anySatisfy(each -> {
                            assertThat(each.what())
                                    .contains("the worker of subscription \"" + LogicalReplication.NAME + "\" waits")
                                    .contains("on the target, ROW EXCLUSIVE on ")
                                    .contains(
                                            locker.pid, "night report", "idle in transaction", "last statement SELECT")
                                    .doesNotContain("secret");
                            assertThat(each.remedy()).containsPattern("pg_terminate_backend\\(\\d+\\)");
                        }));
                StatusReport report = look(servers);
                assertThat(report.healthy()).isFalse();
                try (Barrier barrier = PostgresServers.logicalReplication(
                        null, servers.source.superuser(), servers.target.superuser(), "test")) {
                    assertThatThrownBy(() -> barrier.check(Duration.ofSeconds(10)))
                            .as("a cutover's check")
                            .isInstanceOf(ServerException.class)
                            .hasMessageContaining("waits for a lock on the target")
                            .hasMessageContaining("night report");
                }
                await("that the wait is seconds old")
                        .atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(look(servers).delay(LogicalReplication.NAME))
                                .hasValueSatisfying(delay -> assertThat(delay).isGreaterThan(Duration.ofSeconds(1))));
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(look(servers).healthy()).isTrue());
        }
    }

    @Test
    void namesWhoHoldsUpACopyOnTheTarget() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.source.execute("INSERT INTO public.orders (what) VALUES ('tea')");
            LogicalReplication replication;
            try (Locker locker = new Locker(servers.target, "SHARE")) {
                replication =
                        LogicalReplication.start(servers.source.server, servers.target.server, servers.source.name);
                awaitBlocked(servers, locker, "the copy of public.orders waits for a lock on the target, ");
            }
            replication.awaitInitialCopy(Duration.ofSeconds(40)).drop();
        }
    }

    @Test
    void namesWhoHoldsUpACopyOnTheSource() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            LogicalReplication replication = servers.replicate();
            servers.execute("CREATE TABLE public.later (id int PRIMARY KEY)");
            try (Locker locker = new Locker(servers.source, "ROW EXCLUSIVE")) {
                servers.target.execute("ALTER SUBSCRIPTION " + LogicalReplication.NAME + " REFRESH PUBLICATION");
                awaitBlocked(
                        servers, locker, "the copy of public.later waits for a lock on the source, the end of another");
            }
            replication.awaitInitialCopy(Duration.ofSeconds(40));
        }
    }

    private static void awaitBlocked(VerifyServers servers, Locker locker, String text) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(bad(look(servers)).map(Problem::what))
                        .anyMatch(each ->
                                each.startsWith(text) && each.contains("night report") && each.contains(locker.pid)));
    }

    @Test
    void readsASchemaBehindALockForSecondsOnlyAndNamesTheLock() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18);
                Locker locker = new Locker(servers.target, "ACCESS EXCLUSIVE");
                Session session = Session.open(servers.target.superuser(), "test", Duration.ofSeconds(10))) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> new SchemaReader(session).lines(Duration.ofMinutes(2)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("night report")
                    .hasMessageContaining(locker.pid)
                    .hasMessageContaining("holds ACCESS EXCLUSIVE on ")
                    .hasMessageNotContaining("secret");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        }
    }
}
