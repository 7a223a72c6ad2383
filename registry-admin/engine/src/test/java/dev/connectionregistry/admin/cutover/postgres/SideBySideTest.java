package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.cutover.run.RunServers;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.Endpoint;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs side by side behind the barrier, on real servers: what is left of it when one part fails. */
@Timeout(120)
class SideBySideTest {
    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots WHERE slot_name = 'side_by_side'";
    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'registry-admin/side-by-side'";
    private static final QuestionName<Boolean> SLOT = new QuestionName<>("slot", Boolean.class);
    private static final QuestionName<Boolean> SEQUENCES = new QuestionName<>("sequences", Boolean.class);
    private static final QuestionName<Long> ROWS = new QuestionName<>("rows", Long.class);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration ENDED = Duration.ofSeconds(5);

    /** Both servers are the same database, which is enough for what is asked here. */
    private record OneDatabase(Login admin, Login service) implements CutoverServers {
        @Override
        public SourceServer.Opener source(ServerLogin login, ServerLogin services, String runId) {
            return PostgresServers.source(admin, service, "side-by-side");
        }

        @Override
        public ObservedFence fence(ServerLogin login, String runId, Duration bound) throws ServerException {
            return PostgresServers.fence(admin, "side-by-side", bound);
        }

        @Override
        public TargetServer.Opener target(ServerLogin login, String runId) {
            return PostgresServers.target(admin, "side-by-side");
        }

        @Override
        public ReaderServer.Opener reader(ServerLogin login, String runId) {
            return PostgresServers.reader(admin, "side-by-side");
        }

        @Override
        public Barrier barrier(BarrierChoice choice, ServerLogin source, ServerLogin target, String runId) {
            return PostgresServers.none();
        }

        @Override
        public CoordinatorSignals signals(ServerLogin login, String runId) {
            return CoordinatorSignals.NONE;
        }
    }

    private static RunServers on(TestDatabase database, Login admin) {
        RunSpec spec = Stage.run("side-by-side", Stage.options());
        return new RunServers(new OneDatabase(admin, database.login(database.service)), spec, spec.home());
    }

    private static RunServers on(TestDatabase database) throws Exception {
        database.execute("ALTER ROLE " + q(database.admin) + " REPLICATION");
        return on(database, database.login(database.admin));
    }

    private static boolean makeSlot(TargetServer target, Duration bound) throws ServerException {
        target.createReverseSlot("side_by_side", bound);
        return true;
    }

    private static boolean fail(TargetServer target, Duration bound) throws ServerException {
        throw new ServerException(ServerException.Kind.NOT_SO, "sequences are not right", null);
    }

    private static void end(RunServers servers) {
        long start = System.nanoTime();
        servers.endQuestions();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ENDED);
    }

    /** A slot waits for the transactions that write; so it can be half made. */
    @ParameterizedTest
    @ValueSource(ints = {11, 17, 18})
    void noSlotAppearsAfterAPartBesideItHasFailed(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (RunServers servers = on(database);
                Connection writer = database.server.connect(database.name)) {
            writer.setAutoCommit(false);
            TestDatabase.write(writer);
            servers.ask(SLOT, Lane.SLOT, SideBySideTest::makeSlot, LONG);
            await().atMost(BOUND).until(() -> !database.query(SLOTS).isEmpty());
            servers.ask(SEQUENCES, Lane.SEQUENCES, SideBySideTest::fail, LONG);
            assertThatThrownBy(() -> servers.answer(SLOT, LONG)).hasMessage("sequences are not right");
            end(servers);
            servers.target(BOUND).dropReverseSlot("side_by_side", BOUND);
            writer.rollback();
            assertThat(database.query(SLOTS)).isEmpty();
            assertThat(servers.answer(SLOT, LONG)).isEmpty();
        }
        assertThat(database.query(SLOTS)).isEmpty();
    }

    @Test
    void aSlotThatWasMadeBeforeAnotherPartFailedIsDroppedByTheUndo() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (RunServers servers = on(database)) {
            servers.ask(SLOT, Lane.SLOT, SideBySideTest::makeSlot, LONG);
            await().atMost(BOUND).until(() -> !database.query(SLOTS).isEmpty());
            servers.ask(SEQUENCES, Lane.SEQUENCES, SideBySideTest::fail, LONG);
            assertThatThrownBy(() -> servers.answer(SEQUENCES, LONG)).hasMessage("sequences are not right");
            end(servers);
            servers.target(BOUND).dropReverseSlot("side_by_side", BOUND);
            assertThat(database.query(SLOTS)).isEmpty();
        }
    }

    @Test
    void theSessionThatMayFenceIsFreeAgainAtOnceWhenAQuestionToItWasEnded() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        database.execute("GRANT SELECT ON public.orders TO " + q(database.admin));
        try (RunServers servers = on(database);
                Connection locker = database.server.connect(database.name)) {
            SourceServer source = servers.openSource(false, BOUND);
            locker.setAutoCommit(false);
            locker.createStatement().execute("LOCK TABLE public.orders");
            servers.askSource(ROWS, (server, bound) -> server.count("public.orders", bound), LONG);
            String waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
            await().atMost(BOUND).until(() -> !database.query(waits).equals(List.of("0")));
            end(servers);
            assertThat(source.walPosition(BOUND)).contains("/");
            assertThat(servers.isSourceLost()).isFalse();
        }
    }

    @Test
    void aServerThatDoesNotAnswerCostsTheSessionAndNoMoreThanTheBound() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (TcpGate gate = TcpGate.to(database.server.host(), database.server.port())) {
            Login login = database.login(database.admin);
            Login through = new Login(
                    new Endpoint(gate.host(), gate.port(), database.name),
                    login.username(),
                    login.password(),
                    Map.of());
            try (RunServers servers = on(database, through)) {
                servers.target(Lane.SEQUENCES, BOUND);
                gate.hang();
                servers.ask(ROWS, Lane.SEQUENCES, (server, bound) -> server.count("public.orders", bound), LONG);
                end(servers);
                gate.heal();
                assertThatThrownBy(() -> servers.target(Lane.SEQUENCES, BOUND).requireWritable(BOUND))
                        .isInstanceOfSatisfying(ServerException.class, e -> assertThat(e.kind())
                                .isEqualTo(ServerException.Kind.SESSION_LOST));
                servers.forgetTarget();
                servers.target(Lane.SEQUENCES, BOUND).requireWritable(BOUND);
            }
        }
        await().atMost(BOUND).until(() -> database.query(SESSIONS).equals(List.of("0")));
    }

    @Test
    void anAnswerThatComesLaterThanItsBoundIsAFailure() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (RunServers servers = on(database)) {
            CountDownLatch never = new CountDownLatch(1);
            servers.target(Lane.SEQUENCES, LONG); // the login isn't what is to be late
            servers.ask(
                    SEQUENCES,
                    Lane.SEQUENCES,
                    (target, bound) -> {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return true;
                    },
                    Duration.ofMillis(50));
            assertThatThrownBy(() -> servers.answer(SEQUENCES, Duration.ofMillis(50)))
                    .isInstanceOf(StepFailure.class)
                    .hasMessage("the server did not answer within 50 ms");
            never.countDown();
        }
    }
}
