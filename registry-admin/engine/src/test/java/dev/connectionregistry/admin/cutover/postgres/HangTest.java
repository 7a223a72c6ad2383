package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A server that takes what it is sent and says nothing. */
class HangTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private static Login through(TcpGate gate, TestDatabase database, String role) {
        Endpoint endpoint = new Endpoint(gate.host(), gate.port(), database.name);
        Login login = database.login(role);
        return new Login(endpoint, role, login.password(), login.properties());
    }

    private static void assertBounded(Kind kind, ThrowingCallable call) {
        long start = System.nanoTime();
        assertFails(kind, "", call);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(1_300));
    }

    @Test
    void endsEveryCallAtItsBoundAndLosesTheSessionForGood() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        List<Step> steps = List.of(
                server -> server.raise(SHORT),
                server -> server.prove(Optional.empty(), SHORT),
                server -> server.lower(SHORT),
                server -> server.plan(FenceKind.READ_ONLY, Set.of(), SHORT),
                server -> server.sequences(SHORT));
        for (Step step : steps) {
            try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port())) {
                Login admin = through(gate, database, database.admin);
                try (SourceServer server =
                        PostgresServers.source(admin, admin, "run-1").open(true, BOUND)) {
                    server.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
                    gate.hang();
                    assertBounded(Kind.SESSION_LOST, () -> step.take(server));
                    gate.heal();
                    assertFails(Kind.SESSION_LOST, "lost before", () -> server.walPosition(BOUND));
                }
            }
        }
    }

    private interface Step {
        void take(SourceServer server) throws Exception;
    }

    @Test
    void endsALoginAtItsBound() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port())) {
            gate.hang();
            Login admin = through(gate, database, database.admin);
            assertBounded(
                    Kind.TIMED_OUT, () -> PostgresServers.target(admin, "run-1").open(SHORT));
        }
    }

    @Test
    void givesUpAStatementThatWaitsForALockAndKeepsTheSession() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (TargetServer server = PostgresServers.target(database.login(database.admin), "run-1")
                        .open(BOUND);
                Connection locker = database.server.connect(database.name)) {
            database.execute("GRANT SELECT ON public.orders TO " + TestDatabase.q(database.admin));
            locker.setAutoCommit(false);
            locker.createStatement().execute("LOCK TABLE public.orders");
            assertBounded(Kind.TIMED_OUT, () -> server.count("public.orders", SHORT));
            locker.rollback();
            assertThat(server.count("public.orders", BOUND)).isZero();
            assertFails(Kind.NOT_SO, "no table public.nothing", () -> server.count("public.nothing", BOUND));
        }
    }
}
