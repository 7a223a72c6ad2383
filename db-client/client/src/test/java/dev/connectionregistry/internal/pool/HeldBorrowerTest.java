package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.connectionregistry.testing.Load;
import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Callers at the closed gate. */
class HeldBorrowerTest extends StubPools {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    HeldBorrowerTest() {
        super("state HOLDING, version 7");
    }

    private PoolGeneration held(Duration timeout) throws SQLException {
        PoolGeneration generation = open("old", 2, timeout);
        borrower.publish(generation);
        borrower.hold("cutover c-9");
        return generation;
    }

    private Future<Connection> arrive() {
        int before = borrower.waiting();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> borrower.waiting() == before + 1);
        return waiting;
    }

    private static String served(Future<Connection> waiting) throws Exception {
        try (Connection connection = waiting.get(5, TimeUnit.SECONDS)) {
            return connection.getCatalog();
        }
    }

    @Test
    void callersAreServedInTheOrderInWhichTheyCameToTheGate() throws Exception {
        held(TIMEOUT);
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Future<?>> waiting = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            waiting.add(arrive(number, order));
        }
        PoolGeneration busy = open("new", 1, TIMEOUT);
        Connection inUse = busy.take();
        borrower.publish(busy);
        inUse.close();
        for (Future<?> each : waiting) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertThat(order).containsExactlyElementsOf(upTo(40));
    }

    @Test
    void aSwapBetweenBusyPoolsKeepsEachCallersPlace() throws Exception {
        held(TIMEOUT);
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        List<Future<?>> waiting = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            waiting.add(arrive(number, order));
        }
        List<Connection> inUse = new ArrayList<>();
        for (int swap = 1; swap <= 5; swap++) {
            PoolGeneration busy = open("busy", 1, TIMEOUT);
            inUse.add(busy.take());
            borrower.publish(busy);
            PoolGeneration old = generations.get(generations.size() - 2);
            await().until(() -> old.figures().waiting() == 0 && busy.figures().waiting() > 0);
        }
        for (Connection each : inUse) {
            each.close();
        }
        for (Future<?> each : waiting) {
            each.get(20, TimeUnit.SECONDS);
        }
        // whoever was let in while another came back from the pool before is served before it, and nobody else
        assertThat(order).hasSize(40).containsExactlyInAnyOrderElementsOf(upTo(40));
        int place = 0;
        for (int number : order) {
            assertThat(Math.abs(number - ++place)).isLessThanOrEqualTo(5);
        }
    }

    private Future<?> arrive(int number, Queue<Integer> order) {
        Future<?> waiting = callers.submit(() -> {
            try (Connection connection = borrower.borrow()) {
                order.add(number);
                return connection.getCatalog();
            }
        });
        await().pollInterval(Duration.ofMillis(1)).until(() -> borrower.waiting() == number);
        return waiting;
    }

    private static List<Integer> upTo(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void aHeldCallerGoesOnWithThePoolThatIsReleased() throws Exception {
        PoolGeneration old = held(TIMEOUT);
        Future<Connection> waiting = arrive();
        borrower.release(old);
        assertThat(served(waiting)).isEqualTo("old");
        assertThat(borrower.waiting()).isZero();
    }

    @Test
    void aHeldCallerGoesOnWithThePoolThatIsPublishedInstead() throws Exception {
        held(TIMEOUT);
        Future<Connection> waiting = arrive();
        borrower.publish(open("new", 1, TIMEOUT));
        assertThat(served(waiting)).isEqualTo("new");
    }

    @Test
    void aCallerWhoWaitedForABusyPoolComesToTheGateWhenItCloses() throws Exception {
        PoolGeneration old = open("old", 1, TIMEOUT);
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().until(() -> old.figures().waiting() == 1);
        borrower.hold("cutover c-9");
        inUse.close(); // whoever gets it has to give it back
        await().until(() -> borrower.waiting() == 1 && old.figures().active() == 0);
        borrower.publish(open("new", 1, TIMEOUT));
        assertThat(served(waiting)).isEqualTo("new");
    }

    @Test
    void tellsWhatItWaitedForWhenTheTimeoutPassesAtTheGate() throws Exception {
        held(Duration.ofMillis(300));
        long before = System.nanoTime();
        assertThatThrownBy(borrower::borrow)
                .isInstanceOfSatisfying(
                        SQLTransientConnectionException.class,
                        timeout -> assertThat(timeout.getSQLState()).isEqualTo("08001"))
                .hasMessageMatching(
                        "orders: no connection within 300 ms: cutover c-9 has held the gate closed for"
                                + " ([3-9]\\d\\d|[12]\\d{3}) ms, this caller waited ([3-9]\\d\\d|[12]\\d{3}) ms \\(state HOLDING, version 7, .*");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(300), Duration.ofMillis(300).plus(Duration.ofSeconds(2)));
    }

    @Test
    void theTimeSpentInABusyPoolCountsAtTheGate() throws Exception {
        PoolGeneration old = open("old", 1, Duration.ofSeconds(3));
        borrower.publish(old);
        Connection inUse = borrower.borrow();
        long before = System.nanoTime();
        Future<Connection> waiting = callers.submit(borrower::borrow);
        await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() - before > 2_000_000_000L);
        borrower.hold("cutover c-9");
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("cutover c-9");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("less than both waits one after the other")
                .isBetween(Duration.ofMillis(2_990), Duration.ofMillis(4_750));
        inUse.close();
    }

    @Test
    void aCallerWhoComesWithAClosedGateHasTheTimeoutOfThePoolBehindIt() throws Exception {
        PoolGeneration old = held(Duration.ofMillis(300));
        borrower.hold("cutover c-10"); // by another name
        assertThatThrownBy(borrower::borrow).hasMessageContaining("within 300 ms: cutover c-10");
        borrower.release(old);
        try (Connection connection = borrower.borrow()) {
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void answersAnInterruptAtTheGateAndKeepsTheFlag() throws Exception {
        held(TIMEOUT);
        List<String> seen = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                borrower.borrow().close();
            } catch (SQLException e) {
                seen.add(Thread.currentThread().isInterrupted() + " " + e.getSQLState());
            }
        });
        caller.start();
        await().until(() -> borrower.waiting() == 1);
        caller.interrupt();
        caller.join(5000);
        assertThat(seen).containsExactly("true 57014");
        assertThat(borrower.waiting()).isZero();
    }

    @Test
    void closingTellsThoseAtTheGate() throws Exception {
        held(TIMEOUT);
        Future<Connection> waiting = arrive();
        borrower.close();
        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
                .hasRootCauseMessage("orders: the data source is closed");
    }

    @Test
    void aHoldBeforeTheFirstPoolChangesNothing() throws Exception {
        borrower.hold("cutover c-9");
        assertThatThrownBy(borrower::borrow).hasMessage("orders: the data source is closed");
        borrower.publish(open("old", 1, TIMEOUT));
        try (Connection connection = borrower.borrow()) {
            assertThat(connection.getCatalog()).isEqualTo("old");
        }
    }

    @Test
    void aThousandVirtualThreadsWaitAndAreServed() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
        PoolGeneration old = held(TIMEOUT);
        ExecutorService virtual = virtualThreads();
        List<Future<Connection>> waiting = new ArrayList<>();
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            waiting.add(virtual.submit(() -> {
                try (Connection connection = borrower.borrow()) {
                    served.incrementAndGet();
                    return connection;
                }
            }));
        }
        await().until(() -> borrower.waiting() == 1000);
        borrower.release(old);
        for (Future<Connection> each : waiting) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertThat(served).hasValue(1000);
        virtual.shutdown();
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLateCallerWhoTakesAConnectionToGiveItBackDoesNotUndoThatNothingWasInUse() throws Exception {
        PoolGeneration old = held(TIMEOUT);
        List<Connection> late = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        assertThat(old.awaitUnused(TIMEOUT, () -> {
                    if (looks.incrementAndGet() == 2) {
                        late.add(take(old));
                    }
                    return false;
                }))
                .isTrue();
        for (Connection each : late) {
            each.close();
        }
    }

    private static Connection take(PoolGeneration generation) {
        try {
            return generation.take();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nobodyHasAConnectionOfAHeldPoolOnceItWasSeenUnused() throws Exception {
        PoolGeneration first = open("first", 2, TIMEOUT);
        PoolGeneration second = open("second", 2, TIMEOUT);
        AtomicBoolean unused = new AtomicBoolean();
        AtomicInteger wrong = new AtomicInteger();
        borrower.publish(first);
        Load load = Load.start(borrower::borrow, 8, (connection, number) -> {
            if (unused.get()) {
                wrong.incrementAndGet();
            }
            LockSupport.parkNanos(number % 3 == 0 ? 200_000 : 1);
            if (unused.get()) {
                wrong.incrementAndGet();
            }
        });
        PoolGeneration serving = first;
        for (int round = 1; round <= 500; round++) {
            borrower.hold("cutover c-" + round);
            assertThat(serving.awaitUnused(TIMEOUT, () -> false)).isTrue();
            unused.set(true);
            LockSupport.parkNanos(100_000); // what got through by mistake has time to be seen
            unused.set(false);
            serving = round % 3 == 0 ? serving : serving == first ? second : first;
            long before = load.done();
            borrower.publish(serving);
            await().pollInterval(Duration.ofNanos(50_000)).until(() -> load.done() > before + 1);
        }
        load.stop();
        assertThat(load.failures()).isEmpty();
        assertThat(wrong).hasValue(0);
        assertThat(load.done()).isGreaterThan(500);
    }
}
