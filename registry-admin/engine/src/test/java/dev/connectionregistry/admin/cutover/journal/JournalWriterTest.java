package dev.connectionregistry.admin.cutover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class JournalWriterTest {
    private static final CutoverLock LOCK =
            new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", Instant.parse("2026-11-01T12:00:00Z"));
    private static final Duration LONG = Duration.ofSeconds(10);

    private final List<Object> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch began = new CountDownLatch(1);
    private final Semaphore gate = new Semaphore(0);
    private volatile boolean lockLost;
    private volatile boolean down;

    private final CutoverRegistry registry = (CutoverRegistry) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {CutoverRegistry.class}, (proxy, method, arguments) -> {
                began.countDown();
                gate.acquire();
                if (down) {
                    throw new RegistryException(RegistryException.Kind.UNREACHABLE, "out of reach", null);
                }
                written.add(arguments[1]);
                return !lockLost;
            });

    @Test
    void writesTheLatestOfThoseThatWait() throws InterruptedException {
        try (JournalWriter writer = new JournalWriter(registry)) {
            writer.submit(LOCK, Map.of("n", 1L));
            assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
            writer.submit(LOCK, Map.of("n", 2L));
            writer.submit(LOCK, Map.of("n", 3L));
            gate.release(9);
            assertThat(writer.flush(LONG)).isEmpty();
        }
        assertThat(written).containsExactly(Map.of("n", 1L), Map.of("n", 3L));
    }

    @Test
    void saysWhyTheLatestIsNotWritten() throws InterruptedException {
        try (JournalWriter writer = new JournalWriter(registry)) {
            writer.submit(LOCK, Map.of());
            assertThat(writer.flush(Duration.ofMillis(20)).orElseThrow()).contains("did not answer within 20 ms");
            gate.release(9);
            down = true;
            writer.submit(LOCK, Map.of());
            assertThat(writer.flush(LONG)).contains("out of reach");
            down = false;
            lockLost = true;
            writer.submit(LOCK, Map.of());
            assertThat(writer.flush(LONG).orElseThrow()).contains("another coordinator");
        }
    }

    @Test
    void writesWhatWaitsBeforeItEnds() {
        gate.release(9);
        JournalWriter writer = new JournalWriter(registry);
        writer.submit(LOCK, Map.of("n", 1L));
        writer.close();
        assertThat(written).containsExactly(Map.of("n", 1L));
    }
}
