package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callers that come, give up and are interrupted at random, in front of pools that are swapped, held and shut out at random. */
@Tag("storm")
class CallerStormTest extends StubPools {
    private static final int CALLERS = 120;
    private static final int STEPS = 400;
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger timedOut = new AtomicInteger();
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    CallerStormTest() {
        super("storm");
    }

    @Test
    void nobodyIsForgottenAndNobodyIsToldWhatDoesNotApply() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        PoolGeneration serving = open("start", 3, TIMEOUT);
        borrower.publish(serving);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            long own = random.nextLong();
            Thread caller = new Thread(() -> call(new Random(own)), "storm-caller-" + i);
            threads.add(caller);
            caller.start();
        }
        for (int step = 1; step <= STEPS; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    PoolGeneration old = serving;
                    serving = open("step-" + step, 1 + random.nextInt(4), TIMEOUT);
                    borrower.publish(serving);
                    if (random.nextBoolean()) {
                        old.close();
                    }
                }
                case 1 -> {
                    borrower.hold("cutover c-" + step);
                    LockSupport.parkNanos(random.nextInt(20_000_000));
                    borrower.release(serving);
                }
                case 2 -> threads.get(random.nextInt(CALLERS)).interrupt();
                default -> LockSupport.parkNanos(random.nextInt(30_000_000));
            }
        }
        int before = served.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> served.get() >= before + CALLERS); // it goes on
        stopping = true;
        for (Thread each : threads) {
            each.join(20_000);
            assertThat(each.isAlive()).as(each.getName()).isFalse();
        }
        PoolGeneration last = serving;
        assertThat(wrong).isEmpty();
        assertThat(borrower.waiting()).isZero();
        assertThat(borrower.isCrowded()).isFalse();
        await().until(() -> last.figures().active() == 0);
        assertThat(timedOut).hasValue(0); // with 4 s and 120 callers that keep a connection for a millisecond
        assertThat(interrupted.get()).isPositive();
    }

    private void call(Random random) {
        while (!stopping) {
            try (Connection connection = borrower.borrow()) {
                served.incrementAndGet();
                LockSupport.parkNanos(random.nextInt(2_000_000));
                Thread.interrupted();
                if (connection.getCatalog() == null) {
                    wrong.add(new AssertionError("no connection"));
                }
            } catch (SQLTransientConnectionException e) {
                timedOut.incrementAndGet();
                wrong.add(e);
            } catch (SQLException e) {
                if (Thread.interrupted() && "57014".equals(e.getSQLState())) {
                    interrupted.incrementAndGet();
                } else {
                    wrong.add(e);
                }
            } catch (RuntimeException | Error e) {
                wrong.add(e);
            }
        }
    }
}
