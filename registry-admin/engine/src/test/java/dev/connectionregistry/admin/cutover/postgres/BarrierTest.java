package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.local.LogicalReplication;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarrierTest {
    private static final int ROUNDS = 20;

    /** Databases of one name on both servers, and a replication between them that follows. */
    private record Pair(TestDatabase source, TestDatabase target, LogicalReplication replication)
            implements AutoCloseable {
        static Pair of(int sourceMajor, int targetMajor) throws Exception {
            TestDatabase source = TestDatabase.named(sourceMajor, TestDatabase.plainName());
            TestDatabase target = TestDatabase.named(targetMajor, source.name);
            LogicalReplication replication = LogicalReplication.start(source.server, target.server, source.name);
            return new Pair(source, target, replication.awaitInitialCopy(Duration.ofSeconds(30)));
        }

        Barrier barrier(String name) {
            return PostgresServers.logicalReplication(
                    name, source.login(source.admin), target.login(target.admin), "run-1");
        }

        Barrier barrier() {
            return PostgresServers.logicalReplication(
                    null, source.login(source.admin), target.login(target.admin), "run-1");
        }

        @Override
        public void close() throws SQLException {
            replication.drop();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17})
    void hasEveryRowOnTheTargetWhenItReturnsUnderLoadThatJustStopped(int sourceMajor) throws Exception {
        long[] millis = new long[ROUNDS];
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Pair pair = Pair.of(sourceMajor, 18);
                SourceServer source = pair.source().open("run-1");
                Connection one = pair.source().connect(pair.source().service);
                Connection two = pair.source().connect(pair.source().service);
                Barrier barrier = pair.barrier()) {
            barrier.check(BOUND);
            assertThat(barrier.describe()).isEqualTo("slot \"local_replication\" on the source");
            for (int round = 0; round < ROUNDS; round++) {
                if (round % 2 == 1) {
                    barrier.prepare(BOUND); // long before the last commit, which must be waited for all the same
                }
                loadAndStop(threads, List.of(one, two));
                long start = System.nanoTime();
                barrier.await(source, BOUND);
                millis[round] = (System.nanoTime() - start) / 1_000_000;
                assertThat(pair.target().query("SELECT count(*) FROM public.orders"))
                        .isEqualTo(pair.source().query("SELECT count(*) FROM public.orders"));
            }
        }
        threads.shutdownNow();
        Arrays.sort(millis);
        System.out.println("barrier " + sourceMajor + " -> 18, ms: median " + millis[ROUNDS / 2] + ", worst "
                + millis[ROUNDS - 1]);
    }

    /** Returns with the last commit's acknowledgement. */
    private static void loadAndStop(ExecutorService threads, List<Connection> services) throws Exception {
        List<Callable<Boolean>> work = services.stream()
                .map(service -> (Callable<Boolean>) () -> {
                    for (int i = 0; i < 50; i++) {
                        TestDatabase.write(service);
                    }
                    return true;
                })
                .toList();
        for (Future<Boolean> done : threads.invokeAll(work, 20, TimeUnit.SECONDS)) {
            assertThat(done.get()).isTrue();
        }
    }

    @Test
    void saysHowFarItGotWhenTheTargetStandsStill() throws Exception {
        try (Pair pair = Pair.of(17, 18);
                SourceServer source = pair.source().open("run-1");
                Barrier barrier = pair.barrier()) {
            barrier.check(BOUND);
            pair.source().execute("INSERT INTO public.orders (what) SELECT 'x' FROM generate_series(1, 5000)");
            pair.target().server.pause();
            long start = System.nanoTime();
            try {
                assertFails(Kind.TIMED_OUT, " bytes behind", () -> barrier.await(source, Duration.ofMillis(500)));
            } finally {
                pair.target().server.resume();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_800));
        }
    }

    @Test
    void saysWhatItWaitedForAfterATargetHungInThePreparation() throws Exception {
        try (Pair pair = Pair.of(17, 18);
                SourceServer source = pair.source().open("run-1");
                Barrier barrier = pair.barrier()) {
            barrier.check(BOUND);
            pair.source().execute("INSERT INTO public.orders (what) VALUES ('x')");
            pair.target().server.pause();
            try {
                assertFails(Kind.SESSION_LOST, "list subscriptions", () -> barrier.prepare(Duration.ofMillis(100)));
                assertFails(Kind.REFUSED, "the session was lost before; of 0/", () -> barrier.await(source, BOUND));
            } finally {
                pair.target().server.resume();
            }
        }
    }

    @Test
    void timesOutWhileASubscriptionIsHeldUpByALock() throws Exception {
        try (Pair pair = Pair.of(11, 18);
                SourceServer source = pair.source().open("run-1");
                Barrier barrier = pair.barrier();
                var locker = pair.target().server.connect(pair.target().name)) {
            barrier.check(BOUND);
            locker.setAutoCommit(false);
            locker.createStatement().execute("LOCK TABLE public.orders");
            TestDatabase.write(pair.source().connect(pair.source().service));
            assertFails(Kind.TIMED_OUT, " bytes behind", () -> barrier.await(source, Duration.ofMillis(300)));
            barrier.prepare(BOUND);
            assertFails(Kind.TIMED_OUT, " bytes behind", () -> barrier.await(source, Duration.ofMillis(300)));
            locker.rollback();
            assertThat(barrier.await(source, BOUND)).contains("confirmed by slot");
        }
    }

    @Test
    void isRefusedBeforehandIfTheReplicationIsNotThereOrDoesNotWork() throws Exception {
        try (Pair pair = Pair.of(17, 18)) {
            pair.barrier("local_replication").check(BOUND);
            assertFails(
                    Kind.NOT_SO,
                    "subscriptions on the target: [local_replication], logical slots on the source:"
                            + " [local_replication]",
                    () -> pair.barrier("other").check(BOUND));
            pair.target().execute("ALTER SUBSCRIPTION local_replication DISABLE");
            assertFails(Kind.NOT_SO, "is disabled", () -> pair.barrier().check(BOUND));
        }
    }

    @Test
    void asksTheGivenQueryUntilItSaysTrue() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        database.execute("CREATE SEQUENCE asked", "GRANT ALL ON SEQUENCE asked TO public");
        Login admin = database.login(database.admin);
        try (SourceServer source = database.open("run-1");
                Barrier third = PostgresServers.sql("SELECT nextval('public.asked') >= 3", admin, "run-1");
                Barrier never = PostgresServers.sql("SELECT false", admin, "run-1");
                Barrier number = PostgresServers.sql("SELECT 1", admin, "run-1")) {
            assertThat(third.await(source, BOUND)).contains("returned true");
            assertThat(database.query("SELECT last_value FROM asked")).containsExactly("3");
            assertFails(Kind.TIMED_OUT, "within 50 ms", () -> never.await(source, Duration.ofMillis(50)));
            assertFails(Kind.REFUSED, "must return one boolean", () -> number.check(BOUND));
        }
    }

    @Test
    void runsTheGivenCommandWithThePositionAndKillsAllOfItAtTheBound() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer source = database.open("run-1");
                Barrier good =
                        PostgresServers.command(List.of("sh", "-c", "test -n \"$REGISTRY_WAL_POSITION\""), Set.of());
                Barrier bad = PostgresServers.command(List.of("sh", "-c", "exit 3"), Set.of());
                Barrier stuck = PostgresServers.command(List.of("sh", "-c", "sleep 4711 & sleep 4711"), Set.of());
                Barrier none = PostgresServers.command(List.of("no-such-program"), Set.of())) {
            good.check(BOUND);
            assertThat(good.await(source, BOUND)).contains("by command sh");
            assertFails(Kind.TIMED_OUT, "exited with 3", () -> bad.await(source, Duration.ofSeconds(1)));
            assertFails(Kind.TIMED_OUT, "was killed", () -> stuck.await(source, Duration.ofMillis(200)));
            assertThat(ProcessHandle.current().descendants())
                    .noneMatch(each -> each.info().commandLine().orElse("").contains("sleep 4711"));
            assertFails(Kind.NOT_SO, "no-such-program", () -> none.check(BOUND));
        }
    }

    @Test
    void theGivenCommandInheritsTheEnvironmentWithoutWhatIsWithheld() throws Exception {
        Set<String> itsOwn = Set.of("PATH", "PWD", "OLDPWD", "SHELL", "SHLVL");
        String some = System.getenv().keySet().stream()
                .filter(name -> name.matches("[A-Z]{3,}") && !itsOwn.contains(name))
                .findFirst()
                .orElseThrow();
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer source = database.open("run-1");
                Barrier given =
                        PostgresServers.command(List.of("sh", "-c", "test -n \"${" + some + "+there}\""), Set.of());
                Barrier withheld = PostgresServers.command(
                        List.of("sh", "-c", "test -z \"${" + some + "+there}\""), Set.of(some))) {
            assertThat(given.await(source, BOUND)).contains("by command sh");
            assertThat(withheld.await(source, BOUND)).contains("by command sh");
        }
    }

    @Test
    void saysAloudThatItWaitsForNothing() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer source = database.open("run-1");
                Barrier none = PostgresServers.none()) {
            assertThat(none.describe()).startsWith("NOTHING");
            assertThat(none.await(source, BOUND)).endsWith("not waited for");
        }
    }
}
