package dev.connectionregistry.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Remembering passwords, on a clock that only the test moves. */
class CachedSecretsTest {
    private static final SecretRequest ORDERS =
            new SecretRequest(SecretRef.parse("x-slow:orders"), Endpoint.parse("db1:5432/orders"), "app");
    private static final SecretRequest ELSEWHERE =
            new SecretRequest(SecretRef.parse("x-slow:orders"), Endpoint.parse("db2:5432/orders"), "other");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // so that it overflows, as it may
    private final AtomicInteger reads = new AtomicInteger();
    private volatile String kept = "first";
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final CachedSecrets cache = new CachedSecrets(
            new Slow(),
            new CachedSecrets.Times(
                    Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(1)),
            nanos::get,
            () -> 0);

    private final class Slow implements SecretResolver {
        @Override
        public String scheme() {
            return "x-slow";
        }

        @Override
        public Secret resolve(SecretRequest request) throws SecretException {
            reads.incrementAndGet();
            Sources.awaitQuietly(gate);
            String value = kept;
            if (value.isEmpty()) {
                throw new SecretException("the keeper is out", null);
            }
            return new Secret(value);
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        cache.close();
        Leftovers.awaitNoThreads();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private String resolved() throws SecretException {
        return cache.resolve(ORDERS).reveal();
    }

    @Test
    void remembersThePasswordsUsedLastAndNotAllThatSettingsEverNamed() throws Exception {
        assertThat(resolved()).isEqualTo("first");
        for (int other = 0; other < 2_000; other++) {
            SecretRef reference = SecretRef.parse("x-slow:other-" + other);
            assertThat(cache.resolve(new SecretRequest(reference, ORDERS.endpoint(), "app"))
                            .reveal())
                    .isEqualTo("first");
            if (other < 500) {
                assertThat(resolved()).isEqualTo("first");
            }
        }
        assertThat(reads).hasValue(2_001);
        assertThat(resolved()).isEqualTo("first");
        assertThat(reads).hasValue(2_002); // it was forgotten
    }

    private void awaitReads(int count) {
        await().until(() -> reads.get() == count);
    }

    @Test
    void asksOnceForAnyServerAndRole() throws SecretException {
        assertThat(resolved()).isEqualTo("first");
        assertThat(cache.resolve(ELSEWHERE).reveal()).isEqualTo("first");
        assertThat(reads).hasValue(1);
    }

    @Test
    void givesOutWhatIsStaleAtOnceWhileItIsReadAnew() throws SecretException {
        resolved();
        kept = "second";
        gate = new CountDownLatch(1);
        pass(Duration.ofMinutes(5));
        assertThat(resolved()).isEqualTo("first");
        assertThat(resolved()).isEqualTo("first");
        awaitReads(2);
        gate.countDown();
        await().until(() -> resolved().equals("second"));
        assertThat(reads).hasValue(2);
    }

    @Test
    void keepsWhatItKnowsThroughAnOutageAndSaysSoOnce() throws SecretException {
        try (LogCapture log = LogCapture.ofInfo()) {
            resolved();
            kept = "";
            for (int minute = 0; minute < 60; minute++) {
                pass(Duration.ofMinutes(5));
                int before = reads.get();
                assertThat(resolved()).isEqualTo("first");
                awaitReads(before + 1);
                await().until(() -> isIdle());
            }
            assertThat(log.warnings())
                    .containsExactly("x-slow:orders can't be read: the keeper is out (still using what was read 300 s"
                            + " ago)");
            kept = "second";
            pass(Duration.ofMinutes(5));
            await().until(() -> resolved().equals("second"));
            assertThat(log.everything())
                    .contains("x-slow:orders can be read again", "x-slow:orders has another value than before");
        }
    }

    /** Whether a further read would be a further read, and not be joined to the one before. */
    private boolean isIdle() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("connection-registry-secrets"))
                .noneMatch(entry -> List.of(entry.getValue()).stream()
                        .anyMatch(frame -> frame.getClassName().startsWith("dev.connectionregistry.secrets")));
    }

    @Test
    void readsAnewWhatTheServerRefused() throws SecretException {
        Secret refused = cache.resolve(ORDERS);
        kept = "second";
        pass(Duration.ofSeconds(1));
        assertThat(cache.renewed(ORDERS, refused).orElseThrow().reveal()).isEqualTo("second");
        assertThat(cache.renewed(ORDERS, refused).orElseThrow().reveal()).isEqualTo("second");
        assertThat(resolved()).isEqualTo("second");
        assertThat(reads).hasValue(2);
    }

    @Test
    void aPasswordThatIsSimplyWrongIsReadMoreAndMoreSeldom() throws SecretException {
        Secret wrong = cache.resolve(ORDERS);
        List<Integer> secondsOfReads = new ArrayList<>();
        for (int second = 1; second <= 300; second++) {
            pass(Duration.ofSeconds(1));
            int before = reads.get();
            for (int connection = 0; connection < 10; connection++) {
                assertThat(cache.renewed(ORDERS, wrong)).isEmpty();
            }
            if (reads.get() > before) {
                assertThat(reads).hasValue(before + 1);
                secondsOfReads.add(second);
            }
        }
        assertThat(secondsOfReads).containsExactly(1, 2, 4, 8, 16, 32, 64, 124, 184, 244);
    }

    @Test
    void manyWhoNeedItShareOneRead() throws Exception {
        gate = new CountDownLatch(1);
        List<String> got = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread caller = new Thread(() -> {
                try {
                    got.add(resolved());
                } catch (SecretException e) {
                    got.add(String.valueOf(e.getMessage()));
                }
            });
            caller.start();
            callers.add(caller);
        }
        awaitReads(1);
        await().until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.TIMED_WAITING));
        gate.countDown();
        for (Thread caller : callers) {
            caller.join(10_000);
        }
        assertThat(got).hasSize(8).containsOnly("first");
        assertThat(reads).hasValue(1);
    }

    @Test
    void aFailureIsRepeatedForAMomentInsteadOfAskingAgain() {
        kept = "";
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(this::resolved)
                    .isInstanceOf(SecretException.class)
                    .hasMessage("the keeper is out");
        }
        assertThat(reads).hasValue(1);
        pass(Duration.ofSeconds(1));
        assertThatThrownBy(this::resolved).hasMessage("the keeper is out");
        assertThat(reads).hasValue(2);
    }

    @Test
    void whoeverNeedsItFirstWaitsForABoundedTime() {
        gate = new CountDownLatch(1);
        try (CachedSecrets impatient = new CachedSecrets(
                new Slow(),
                new CachedSecrets.Times(
                        Duration.ofMinutes(5), Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMinutes(1)))) {
            assertThatThrownBy(() -> impatient.resolve(ORDERS)).hasMessageContaining("no answer within 50 ms");
        }
    }

    @Test
    void aClosedOneSaysSoAndAnInterruptEndsTheWait() {
        gate = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::resolved).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        CachedSecrets closed = new CachedSecrets(new Slow());
        closed.close();
        assertThatThrownBy(() -> closed.resolve(ORDERS)).hasMessageContaining("closed");
    }
}
