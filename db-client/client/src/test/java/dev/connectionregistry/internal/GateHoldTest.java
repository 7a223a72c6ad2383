package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.follow.ControlThread;
import dev.connectionregistry.core.internal.follow.NamedThreads;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.Servers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holds on real servers, under load. */
class GateHoldTest {
    private static final String NAME = "faults/hold";
    private static final int THREADS = 16;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Scheduler control = new ControlThread("connection-registry-hold-control");
    private final ExecutorService workers =
            Executors.newCachedThreadPool(NamedThreads.numbered("connection-registry-hold-worker"));
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Borrower borrower = new Borrower("orders", () -> "state HOLDING");
    private final PoolGenerations generations = new PoolGenerations(
            "orders",
            new PostgresConnector(new SecretResolvers(List.of(Servers.secrets())), NAME),
            borrower,
            control,
            workers,
            housekeeper,
            events::add);

    @AfterEach
    void nothingIsLeft() throws Exception {
        List<CompletableFuture<Void>> gone = new ArrayList<>();
        onControl(() -> gone.add(generations.closeAll(Duration.ofSeconds(1))));
        gone.get(0).get(30, TimeUnit.SECONDS);
        control.close();
        workers.shutdown();
        housekeeper.shutdownNow();
        callers.shutdownNow();
        await().atMost(Duration.ofSeconds(15))
                .until(() -> Servers.sessions(Servers.first(), NAME) + Servers.sessions(Servers.second(), NAME) == 0);
        Leftovers.awaitNoThreads();
    }

    private void onControl(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, control::execute).get(10, TimeUnit.SECONDS);
    }

    private void open(long number, ConnectionSettings settings) throws Exception {
        onControl(() -> generations.open(number, number, settings));
        awaitEvent(new Event.GenerationOpened(number));
    }

    /** Passes over what a pool says when it meets a session that was ended; that only leads to a look at the registry or at the pool. */
    private void awaitEvent(Event expected) throws InterruptedException {
        Event event = events.poll(30, TimeUnit.SECONDS);
        while (event instanceof Event.MovedSign || event instanceof Event.HealthChanged) {
            event = events.poll(30, TimeUnit.SECONDS);
        }
        assertThat(event).isEqualTo(expected);
    }

    private void serve(ConnectionSettings settings) throws Exception {
        open(1, settings);
        onControl(() -> generations.publish(1));
    }

    private void awaitFullPool() {
        int size = Servers.settings(Servers.first()).pool().maximumSize();
        await().until(() ->
                generations.figures().active() + generations.figures().idle() == size);
    }

    private void hold() throws Exception {
        onControl(() -> generations.hold(1, "cutover c-1"));
        awaitEvent(new Event.Drained(1));
    }

    private Load startLoad() {
        return Load.start(borrower::borrow, THREADS, (connection, number) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(0.001)");
                statement.execute("SELECT " + number);
            }
            if (number % 2 == 0) {
                connection.commit(); // the others leave their end to the pool
            }
        });
    }

    private static int query(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int busySessions(LocalPostgres server) throws SQLException {
        return query(
                server,
                "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND application_name = '" + NAME + "'");
    }

    /** As a fence does: all at once, then waiting until they are gone. The server's own wait would take turns of 100 ms each. */
    private static int terminateAll(LocalPostgres server) throws SQLException {
        int ended = query(server, """
                SELECT count(pg_terminate_backend(pid))
                FROM pg_stat_activity
                WHERE application_name = '%s'
                """.formatted(NAME));
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> Servers.sessions(server, NAME) == 0);
        return ended;
    }

    private static void awaitUses(Load load, int more) {
        long end = load.done() + more;
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> load.done() >= end);
    }

    @Test
    void drainedMeansThatTheServerSeesNothingOfOursAtWork() throws Exception {
        serve(Servers.settings(Servers.first()));
        Load load = startLoad();
        awaitUses(load, 500);
        awaitFullPool(); // one that is being opened is at work, too, but for nobody
        for (int round = 1; round <= 40; round++) {
            hold();
            assertThat(busySessions(Servers.first())).isZero();
            await().until(() -> borrower.waiting() == THREADS);
            assertThat(busySessions(Servers.first())).isZero();
            onControl(() -> generations.release(1));
            awaitUses(load, 50);
        }
        load.stop();
        assertThat(load.failures()).isEmpty();
    }

    @Test
    void aReleaseAfterAFenceEndedEverySessionFailsNobody() throws Exception {
        serve(Servers.settings(Servers.first()));
        Load load = startLoad();
        awaitUses(load, 500);
        load.forgetLongestCheckout();
        for (int round = 1; round <= 15; round++) {
            hold();
            assertThat(terminateAll(Servers.first())).isPositive();
            onControl(() -> generations.release(1));
            awaitUses(load, 100);
        }
        load.stop();
        assertThat(load.failures()).isEmpty();
        assertThat(load.longestCheckoutMillis()).isLessThan(2000);
    }

    @Test
    void aReleaseAfterAFenceEndedSomeSessionsFailsNobody() throws Exception {
        serve(Servers.settings(Servers.first()));
        Load load = startLoad();
        awaitUses(load, 500);
        hold();
        query(Servers.first(), """
                SELECT pg_terminate_backend(max(pid), 5000)::int
                FROM pg_stat_activity
                WHERE application_name = '%s'
                """.formatted(NAME));
        onControl(() -> generations.release(1));
        awaitUses(load, 500);
        load.stop();
        assertThat(load.failures()).isEmpty();
    }

    @Test
    void callersWhoWaitedGoToTheTarget() throws Exception {
        serve(Servers.settings(Servers.first()));
        ConnectionSettings target = Servers.settings(Servers.second());
        open(2, target.withPool(target.pool().withMaximumSize(1).withMinimumIdle(1)));
        hold();
        List<Future<Integer>> arrived = new ArrayList<>();
        for (int number = 0; number < THREADS; number++) {
            arrived.add(arrive(number));
        }
        onControl(() -> {
            generations.publish(2);
            generations.retire(1, Duration.ofSeconds(5));
        });
        for (Future<Integer> each : arrived) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(18);
        }
        await().atMost(Duration.ofSeconds(3)).until(() -> Servers.sessions(Servers.first(), NAME) == 0);
    }

    private Future<Integer> arrive(int number) {
        Future<Integer> caller = callers.submit(() -> {
            try (Connection connection = borrower.borrow();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(0.02)");
                return Servers.major(connection);
            }
        });
        await().pollInterval(Duration.ofMillis(1)).until(() -> borrower.waiting() == number + 1);
        return caller;
    }

    @Test
    void aServerThatHangsDoesNotKeepTheGateClosed() throws Exception {
        try (TcpGate network = TcpGate.to("127.0.0.1", Servers.first().port())) {
            serve(Servers.settings(new Endpoint("127.0.0.1", network.port(), "orders")));
            hold();
            Future<Integer> caller = arrive(0);
            network.hang();
            long before = System.nanoTime();
            onControl(() -> generations.release(1));
            await().pollInterval(Duration.ofMillis(5)).until(() -> borrower.waiting() == 0);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
            network.heal();
            assertThat(caller.get(20, TimeUnit.SECONDS)).isEqualTo(17);
        }
    }

    @Test
    void closingDuringAHoldLeavesNothing() throws Exception {
        serve(Servers.settings(Servers.first()));
        Load load = startLoad();
        hold();
        Future<?> closing = callers.submit(borrower::close);
        closing.get(5, TimeUnit.SECONDS);
        await().until(() -> load.failures().size() >= THREADS);
        load.stop();
        assertThat(load.failures()).allMatch(failure -> "08003".equals(failure.getSQLState()));
    }
}
