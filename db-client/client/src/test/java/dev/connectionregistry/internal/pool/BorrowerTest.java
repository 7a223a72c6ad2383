package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.testing.Servers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The races of a swap, each held open by a gate. */
class BorrowerTest extends StubPools {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    BorrowerTest() {
        super("state ACTIVE, version 7");
    }

    private static String host(Connection connection) throws SQLException {
        return connection.getCatalog();
    }

    @Test
    void servesACallerWhoWaitsInsideTheExhaustedOldPoolFromTheNewOne() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection stuck = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> generations.get(0).figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        stuck.close();
    }

    @Test
    void givesBackWhatItGotFromAPoolThatWasReplacedMeanwhile() throws Exception {
        PoolGeneration old = open("old", 1, TIMEOUT);
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> old.figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        inUse.close(); // handed straight to the waiting caller, who must not keep it
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        await().until(() -> old.figures().active() == 0);
    }

    @Test
    void anExchangedPoolThatIsClosedAtOnceCostsAWaitingCallerASliceAndNoError() throws Exception {
        PoolGeneration old = open("old", 1, TIMEOUT);
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> old.figures().waiting() == 1);

        borrower.publish(open("new", 1, TIMEOUT));
        old.close();
        try (Connection served = waiting.get(2, TimeUnit.SECONDS)) {
            assertThat(host(served)).isEqualTo("new");
        }
        inUse.close();
    }

    @Test
    void tellsWhatItWaitedForWhenTheTimeoutPasses() throws Exception {
        borrower.publish(open("old", 1, Duration.ofMillis(300)));
        try (Connection only = borrower.borrow()) {
            long before = System.nanoTime();
            assertThatThrownBy(borrower::borrow)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("orders: no connection within 300 ms")
                    .hasMessageContaining("state ACTIVE, version 7")
                    .hasMessageContaining("active=1");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(250));
            assertThat(host(only)).isEqualTo("old");
        }
    }

    /** A pool at "old" that has one connection, and opens another when somebody needs it. */
    private PoolGeneration openOneOfTwo(Duration timeout) throws SQLException {
        ConnectionSettings settings = Servers.settings(new Endpoint("old", 5432, "orders"));
        PoolSettings pool =
                settings.pool().withMaximumSize(2).withMinimumIdle(1).withConnectionTimeout(timeout);
        return open(settings.withPool(pool), 1);
    }

    @Test
    void namesTheFailureToConnectBehindATimeout() throws Exception {
        borrower.publish(openOneOfTwo(Duration.ofMillis(300)));
        connector.refuse("old", new SQLException("connection refused", "08001"));
        try (Connection only = borrower.borrow()) {
            assertThat(only.isClosed()).isFalse();
            assertThatThrownBy(borrower::borrow)
                    .hasMessageContaining("connection refused")
                    .satisfies(thrown -> {
                        SQLException failure = (SQLException) thrown;
                        assertThat(failure.getSQLState()).isEqualTo("08001");
                        assertThat(failure.getNextException().getMessage()).isEqualTo("connection refused");
                    });
        }
    }

    @Test
    void answersAnInterruptAtOnceAndKeepsTheFlag() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection inUse = borrower.borrow();
        List<Boolean> flags = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                borrower.borrow().close();
            } catch (SQLException e) {
                flags.add(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        await().until(() -> generations.get(0).figures().waiting() == 1);
        caller.interrupt();
        caller.join(1000);
        assertThat(flags).containsExactly(true);
        inUse.close();
    }

    @Test
    void saysThatItIsClosed() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        borrower.close();
        assertThatThrownBy(borrower::borrow)
                .isInstanceOfSatisfying(SQLException.class, closed -> assertThat(closed.getSQLState())
                        .isEqualTo("08003"));
    }

    @Test
    void letsACallerWhoWaitedGoWithAnErrorWhenTheDataSourceCloses() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> generations.get(0).figures().waiting() == 1);
        borrower.close();
        assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS))
                .hasRootCauseMessage("orders: the data source is closed");
        inUse.close();
    }

    /** Callers who wait for the one connection of {@code busy}: one inside the pool, the others in the line. */
    private List<Thread> crowd(int count, Callable<Void> task) {
        List<Thread> crowd = start(count, task);
        await().until(() -> borrower.waiting() == count - 1);
        // who has joined the line may not have parked yet
        await().until(() -> crowd.stream().allMatch(each -> each.getState() == Thread.State.TIMED_WAITING));
        return crowd;
    }

    private List<Thread> start(int count, Callable<Void> task) {
        List<Thread> crowd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread caller = new Thread(() -> {
                try {
                    task.call();
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            caller.start();
            crowd.add(caller);
        }
        return crowd;
    }

    private Void borrowAndGiveBack() throws SQLException {
        borrower.borrow().close();
        return null;
    }

    private static void join(List<Thread> crowd) throws InterruptedException {
        for (Thread each : crowd) {
            each.join(10_000);
            assertThat(each.isAlive()).isFalse();
        }
    }

    /** How often each thread has begun to wait. */
    private static long[] waits(List<Thread> crowd) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return crowd.stream()
                .mapToLong(each -> threads.getThreadInfo(each.getId()).getWaitedCount())
                .toArray();
    }

    /** Who has waited again since "before". */
    private static List<Thread> awake(List<Thread> crowd, long[] before) {
        long[] now = waits(crowd);
        return IntStream.range(0, now.length)
                .filter(i -> now[i] != before[i])
                .mapToObj(crowd::get)
                .toList();
    }

    private static long mostWaits(List<Thread> crowd, long[] before) {
        long[] now = waits(crowd);
        return IntStream.range(0, now.length)
                .mapToLong(i -> now[i] - before[i])
                .max()
                .orElse(0);
    }

    @Test
    void onlyTheOneInsideAndTheLookoutOfABusyPoolWakeUpWhileNothingIsReturned() throws Exception {
        borrower.publish(open("old", 1, TIMEOUT));
        Connection inUse = borrower.borrow();
        List<Thread> crowd = crowd(30, this::borrowAndGiveBack);
        long[] before = waits(crowd);
        await().until(() -> mostWaits(crowd, before) >= 5); // five slices of the one inside
        assertThat(awake(crowd, before)).hasSize(2);
        inUse.close();
        join(crowd);
        assertThat(failures).isEmpty();
    }

    @Test
    void theCallerInsideThePoolAndTheLookoutThatAreInterruptedAreReplaced() throws Exception {
        PoolGeneration busy = open("old", 1, TIMEOUT);
        borrower.publish(busy);
        Connection inUse = borrower.borrow();
        List<Thread> crowd = crowd(10, this::borrowAndGiveBack);
        long[] before = waits(crowd);
        await().until(() -> awake(crowd, before).size() == 2);
        awake(crowd, before).forEach(Thread::interrupt);
        await().until(() -> borrower.waiting() == 7 && busy.figures().waiting() == 1);
        inUse.close();
        join(crowd);
        assertThat(failures).hasSize(2).allSatisfy(failure -> assertThat(failure)
                .hasMessageContaining("interrupted while waiting for a connection"));
    }

    @Test
    void whoComesWhileOthersWaitDoesNotOvertakeThem() throws Exception {
        PoolGeneration busy = open("old", 2, TIMEOUT);
        borrower.publish(busy);
        Connection first = borrower.borrow();
        Connection second = borrower.borrow();
        Queue<String> served = new ConcurrentLinkedQueue<>();
        Semaphore done = new Semaphore(0);
        List<Thread> crowd = crowd(4, () -> {
            try (Connection connection = borrower.borrow()) {
                served.add(host(connection));
                done.acquire();
            }
            return null;
        });
        first.close();
        second.close();
        await().until(() -> served.size() == 2);
        List<Thread> late = start(3, () -> {
            try (Connection connection = borrower.borrow()) {
                served.add("late " + host(connection));
            }
            return null;
        });
        await().until(() -> borrower.waiting() == 4); // one of the crowd and those who came late
        for (int returned = 1; returned <= 2; returned++) { // one by one: of two at once either may be noted first
            int before = served.size();
            done.release();
            await().until(() -> served.size() > before);
        }
        done.release(2);
        join(crowd);
        join(late);
        assertThat(failures).isEmpty();
        assertThat(served).startsWith("old", "old", "old", "old");
    }

    @Test
    void aTimeoutTellsOfThePoolThatIsThereAndNotOfOneThatWasReplaced() throws Exception {
        borrower.publish(openOneOfTwo(Duration.ofSeconds(2)));
        Connection inUse = borrower.borrow();
        connector.refuse("old", new SQLException("source refused", "08004"));
        List<Thread> crowd = crowd(10, this::borrowAndGiveBack);
        PoolGeneration busy = open("new", 1, Duration.ofSeconds(2));
        Connection alsoInUse = busy.take();
        borrower.publish(busy);
        join(crowd);
        assertThat(failures).hasSize(10).allSatisfy(failure -> {
            assertThat(failure)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("no connection within 2000 ms")
                    .hasMessageContaining("active=1")
                    .hasMessageNotContaining("refused")
                    .hasNoCause();
        });
        inUse.close();
        alsoInUse.close();
    }

    @Test
    void theHotPathIsBackWhenNobodyWaitsAnyMore() throws Exception {
        PoolGeneration busy = open("old", 1, TIMEOUT);
        borrower.publish(busy);
        Connection inUse = borrower.borrow();
        List<Thread> crowd = crowd(10, this::borrowAndGiveBack);
        assertThat(borrower.isCrowded()).isTrue();
        inUse.close();
        join(crowd);
        assertThat(borrower.isCrowded()).isFalse();
    }
}
