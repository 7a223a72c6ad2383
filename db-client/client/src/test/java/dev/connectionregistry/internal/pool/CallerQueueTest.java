package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is let in when, and who is told what. */
class CallerQueueTest extends StubPools {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CallerQueue queue = new CallerQueue();
    private final Queue<Integer> letIn = new ConcurrentLinkedQueue<>();
    private final CountDownLatch leave = new CountDownLatch(1);

    CallerQueueTest() {
        super("state ACTIVE");
    }

    /** One who waits for its turn, notes it, and keeps it until "leave"; a turn that isn't used for asking. */
    private Future<@Nullable PoolGeneration> arrive(int number, Duration atMost) {
        return arrive(number, atMost, new AtomicReference<>());
    }

    /** {@code thread} becomes the one that waits. */
    private Future<@Nullable PoolGeneration> arrive(int number, Duration atMost, AtomicReference<Thread> thread) {
        int before = queue.waiting();
        Future<@Nullable PoolGeneration> waiting = callers.submit(() -> {
            thread.set(Thread.currentThread());
            Caller caller = queue.arrive(Duration.ZERO, atMost);
            PoolGeneration pool = queue.await(caller);
            if (pool != null) {
                letIn.add(number);
                leave.await();
            }
            queue.leave(caller);
            return pool;
        });
        await().pollInterval(Duration.ofMillis(1)).until(() -> queue.waiting() == before + 1);
        return waiting;
    }

    private PoolGeneration held(int size) throws SQLException {
        PoolGeneration pool = open("stub", size, LONG);
        queue.publish(pool);
        queue.hold("c-1");
        return pool;
    }

    @Test
    void letsInAsManyAsConnectionsAreIdle() throws Exception {
        PoolGeneration pool = held(3);
        for (Connection each : List.of(pool.take(), pool.take(), pool.take())) {
            each.close();
        }
        for (int number = 1; number <= 10; number++) {
            Future<?> unused = arrive(number, LONG);
        }
        try (Connection inUse = pool.take()) {
            queue.publish(pool);
            assertThat(queue.waiting()).isEqualTo(8);
            assertThat(inUse.isClosed()).isFalse();
        }
        leave.countDown();
        await().until(() -> queue.waiting() == 0);
    }

    @Test
    void nobodyTakesThePlaceOfACallerWhoIsBetweenTwoSlicesInsideThePool() throws Exception {
        PoolGeneration pool = held(1);
        try (Connection inUse = pool.take()) {
            queue.publish(pool);
            Future<?> between = callers.submit(() -> {
                Caller caller = queue.arrive(Duration.ZERO, LONG);
                letIn.add(queue.await(caller) == pool ? 1 : 0);
                while (!leave.await(1, TimeUnit.MILLISECONDS)) {
                    caller.asks(System.nanoTime()); // never inside the pool when somebody looks
                }
                queue.leave(caller);
                return null;
            });
            await().until(() -> letIn.contains(1));
            AtomicReference<Thread> lookout = new AtomicReference<>();
            Future<@Nullable PoolGeneration> next = arrive(2, LONG, lookout);
            long looks = waits(lookout);
            await().until(() -> waits(lookout) >= looks + 4);
            assertThat(queue.waiting()).isOne();
            assertThat(inUse.isClosed()).isFalse();
            leave.countDown();
            assertThat(between).succeedsWithin(1, TimeUnit.SECONDS);
            assertThat(next).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(pool);
        }
    }

    @Test
    void aCallerWhomThePoolKeepsForTheProbeOfADeadConnectionHoldsNobodyUp() throws Exception {
        PoolGeneration pool = held(1);
        try (Connection inUse = pool.take()) {
            Future<@Nullable PoolGeneration> kept = arrive(1, LONG); // asks once, and does not come back
            queue.publish(pool);
            await().until(() -> letIn.size() == 1);
            Future<@Nullable PoolGeneration> next = arrive(2, LONG);
            await().until(() -> letIn.size() == 2);
            assertThat(inUse.isClosed()).isFalse();
            leave.countDown();
            assertThat(kept).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(pool);
            assertThat(next).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(pool);
        }
    }

    /** How often the thread has begun to wait. */
    private static long waits(AtomicReference<Thread> thread) {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Objects.requireNonNull(thread.get()).getId())
                .getWaitedCount();
    }

    @Test
    void letsCallersInInTheOrderInWhichTheyCame() throws Exception {
        PoolGeneration pool = held(1);
        List<Future<@Nullable PoolGeneration>> waiting = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            waiting.add(arrive(number, LONG));
        }
        try (Connection inUse = pool.take()) {
            assertThat(inUse.isClosed()).isFalse();
            queue.publish(pool);
            await().until(() -> !letIn.isEmpty());
            leave.countDown();
            for (Future<@Nullable PoolGeneration> each : waiting) {
                assertThat(each.get(5, TimeUnit.SECONDS)).isSameAs(pool);
            }
        }
        assertThat(letIn.stream().findFirst()).contains(1);
        assertThat(letIn)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 40).boxed().toList());
        assertThat(queue.direct()).isSameAs(pool);
    }

    @Test
    void aCallerWhoseTimeIsUpBeforeItsTurnIsForgotten() throws Exception {
        held(1);
        Future<@Nullable PoolGeneration> waiting = arrive(1, Duration.ofMillis(100));
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isNull();
        assertThat(queue.waiting()).isZero();
        assertThat(letIn).isEmpty();
    }

    @Test
    void aTurnThatNobodyUsesIsPassedOn() throws Exception {
        PoolGeneration pool = held(1);
        Caller first = queue.arrive(Duration.ofMillis(100), Duration.ofMillis(100)); // its time is up
        assertThat(queue.await(first)).isNull();
        try (Connection inUse = pool.take()) {
            assertThat(inUse.isClosed()).isFalse();
            queue.publish(pool); // gives it the turn
            Future<@Nullable PoolGeneration> second = arrive(2, LONG);
            leave.countDown();
            queue.leave(first);
            assertThat(second.get(5, TimeUnit.SECONDS)).isSameAs(pool);
        }
    }

    /** Those who look after a pool borrow from it too, and tell nobody when they have given up. */
    @Test
    void aCallerIsLetInThoughWhoWaitedInsideThePoolSaysNothing() throws Exception {
        PoolGeneration pool = open("stub", 1, LONG);
        queue.publish(pool);
        try (Connection inUse = pool.take()) {
            Future<Connection> stranger = callers.submit(() -> pool.take());
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> pool.figures().waiting() == 1);
            Future<@Nullable PoolGeneration> unused = arrive(1, LONG);
            assertThat(stranger).failsWithin(Duration.ofSeconds(5));
            await().until(() -> letIn.contains(1));
            assertThat(inUse.isClosed()).isFalse();
        }
        leave.countDown();
        await().until(() -> queue.direct() == pool);
    }

    @Test
    void aHoldEndsTheTurnAndTheNextPublicationGivesAnother() throws Exception {
        PoolGeneration pool = open("stub", 1, LONG);
        queue.publish(pool);
        Caller caller = queue.arrive();
        assertThat(queue.await(caller)).isSameAs(pool);
        assertThat(queue.hasTurn(caller)).isTrue();
        queue.hold("c-1");
        assertThat(queue.hasTurn(caller)).isFalse();
        assertThat(queue.served()).isNull();
        queue.publish(pool);
        assertThat(queue.hasTurn(caller)).isFalse();
        assertThat(queue.await(caller)).isSameAs(pool);
        assertThat(queue.direct()).isNull();
        queue.leave(caller);
        assertThat(queue.direct()).isSameAs(pool);
    }

    @Test
    void aHoldUnderAnotherNameIsStillTheSameHold() throws Exception {
        queue.publish(open("stub", 1, Duration.ofMillis(250)));
        queue.hold("c-1");
        CallerQueue.Hold first = Objects.requireNonNull(queue.hold());
        queue.hold("c-2");
        assertThat(queue.arrive().atMost()).isEqualTo(Duration.ofMillis(250));
        assertThat(queue.hold()).isEqualTo(new CallerQueue.Hold("c-2", first.since()));
    }

    @Test
    void isShutBeforeTheFirstPoolAndAfterTheEndAndNotBetween() throws Exception {
        assertThat(queue.isShut()).isTrue();
        queue.hold("c-0");
        assertThat(queue.hold()).isNull();
        queue.publish(open("stub", 1, LONG));
        assertThat(queue.isShut()).isFalse();
        queue.hold("c-1");
        assertThat(queue.isShut()).isFalse();
        Future<@Nullable PoolGeneration> waiting = arrive(1, LONG);
        queue.shut();
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isNull();
        assertThat(queue.isShut()).isTrue();
        assertThat(queue.hold()).isNull();
        assertThat(queue.direct()).isNull();
    }
}
