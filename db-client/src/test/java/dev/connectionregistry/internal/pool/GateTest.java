package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order at the gate, and who is told what. */
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final Gate gate = new Gate();
    private final List<Integer> through = new ArrayList<>(); // written by those let through, one at a time

    @AfterEach
    void endCallers() {
        callers.shutdownNow();
    }

    private Future<Gate.Hold> arrive(int number, Duration patience) {
        Future<Gate.Hold> passing = callers.submit(() -> gate.pass(Patience.of(patience), () -> through.add(number)));
        await().pollInterval(Duration.ofMillis(1)).until(() -> gate.waiting() == number);
        return passing;
    }

    @Test
    void letsCallersThroughInTheOrderInWhichTheyCame() throws Exception {
        gate.open(LONG);
        gate.hold("c-1", LONG);
        List<Future<Gate.Hold>> passing = new ArrayList<>();
        for (int number = 1; number <= 40; number++) {
            passing.add(arrive(number, LONG));
        }
        gate.open(LONG);
        for (Future<Gate.Hold> each : passing) {
            assertThat(each.get(5, TimeUnit.SECONDS)).isNull();
        }
        assertThat(through).isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void countingThoseWhoWaitNeedsNoTurnAmongThem() throws Exception {
        CountDownLatch onItsWay = new CountDownLatch(1);
        CountDownLatch through = new CountDownLatch(1);
        gate.open(LONG);
        Future<Gate.Hold> passing = callers.submit(() -> gate.pass(Patience.of(LONG), () -> {
            onItsWay.countDown();
            assertThat(awaited(through)).isTrue();
        }));
        assertThat(awaited(onItsWay)).isTrue();
        Future<Integer> counting = callers.submit(gate::waiting);
        assertThat(counting.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        through.countDown();
        assertThat(passing.get(5, TimeUnit.SECONDS)).isNull();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aHoldUnderAnotherNameIsStillTheSameHold() throws Exception {
        gate.open(LONG);
        gate.hold("c-1", Duration.ofMillis(250));
        Future<Gate.Hold> passing = arrive(1, Duration.ofMillis(100));
        gate.hold("c-2", LONG);
        assertThat(gate.patience().atMost()).isEqualTo(Duration.ofMillis(250));
        Gate.Hold outlasting = passing.get(5, TimeUnit.SECONDS);
        assertThat(outlasting.cutover()).isEqualTo("c-2");
        assertThat(outlasting.closedFor()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(through).isEmpty();
    }

    @Test
    void isShutBeforeTheFirstPoolAndAfterTheEndAndNotBetween() {
        assertThat(gate.isShut()).isTrue();
        gate.open(LONG);
        assertThat(gate.isShut()).isFalse();
        gate.hold("c-1", LONG);
        assertThat(gate.isShut()).isFalse();
        assertThat(gate.isHeld()).isTrue();
        gate.shut();
        assertThat(gate.isShut()).isTrue();
        assertThat(gate.isHeld()).isFalse();
    }
}
