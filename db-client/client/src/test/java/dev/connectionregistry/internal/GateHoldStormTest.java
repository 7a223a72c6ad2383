package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.follow.ControlThread;
import dev.connectionregistry.core.internal.follow.NamedThreads;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Load;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.StubConnector;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds, releases and swaps in random order under load, on a driver that costs nothing. */
@Tag("storm")
class GateHoldStormTest {
    private static final int ROUNDS = 1000;
    private static final int THREADS = 16;
    private static final long USE_NANOS = 200_000;

    private final StubConnector connector = new StubConnector();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    /** By server: a hold waits for all that is in use on its own, and for nothing on another that was left. */
    private final Map<String, AtomicInteger> inUse = Map.of("a", new AtomicInteger(), "b", new AtomicInteger());

    private final Scheduler control = new ControlThread("connection-registry-storm-control");
    private final ExecutorService workers =
            Executors.newCachedThreadPool(NamedThreads.numbered("connection-registry-storm-worker"));
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private final Borrower borrower = new Borrower("storm", () -> "storm");
    private final PoolGenerations generations =
            new PoolGenerations("storm", connector, borrower, control, workers, housekeeper, events::add);
    private long serving;

    @Test
    void holdsReleasesAndSwapsFailNobodyAndLeaveNothingBehind() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        swap();
        Load load = Load.start(borrower::borrow, THREADS, (connection, number) -> {
            AtomicInteger here = inUse(connection.getCatalog());
            here.incrementAndGet();
            LockSupport.parkNanos(USE_NANOS);
            here.decrementAndGet();
        });
        for (int round = 1; round <= ROUNDS; round++) {
            long before = load.done();
            round(random);
            await().pollInterval(Duration.ofMillis(1)).until(() -> load.done() > before);
        }
        load.stop();
        CompletableFuture<CompletableFuture<Void>> closing = new CompletableFuture<>();
        control.execute(() -> closing.complete(generations.closeAll(Duration.ofSeconds(1))));
        closing.get(30, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS);
        control.close();
        workers.shutdown();
        housekeeper.shutdownNow();

        assertThat(load.failures()).as("seed %d", seed).isEmpty();
        await().atMost(Duration.ofSeconds(15)).until(() -> connector.openConnections() == 0);
        Leftovers.awaitNoThreads();
    }

    private void round(Random random) throws Exception {
        switch (random.nextInt(5)) {
            case 0 -> swap();
            case 1 -> holdThen(this::release);
            case 2 -> holdThen(this::swap);
            case 3 -> {
                onControl(() -> generations.hold(serving, "cutover c-1"));
                release(); // perhaps before anybody noticed
                events.removeIf(event -> event.equals(new Event.Drained(serving)));
            }
            default ->
                holdThen(() -> {
                    onControl(() -> generations.release(serving));
                    holdThen(this::release);
                });
        }
    }

    /** What a round does after something. */
    private interface Step {
        void run() throws Exception;
    }

    private void holdThen(Step next) throws Exception {
        onControl(() -> generations.hold(serving, "cutover c-1"));
        awaitEvent(new Event.Drained(serving));
        assertThat(inUse(host(serving))).hasValue(0);
        next.run();
    }

    private void release() throws Exception {
        onControl(() -> generations.release(serving));
    }

    private void swap() throws Exception {
        long next = serving + 1;
        onControl(() -> generations.open(next, next, settings(next)));
        awaitEvent(new Event.GenerationOpened(next));
        onControl(() -> {
            generations.publish(next);
            if (next > 1) {
                generations.retire(next - 1, Duration.ofSeconds(5));
            }
        });
        serving = next;
    }

    private static String host(long generation) {
        return generation % 2 == 0 ? "a" : "b";
    }

    private AtomicInteger inUse(String host) {
        return Objects.requireNonNull(inUse.get(host));
    }

    private void onControl(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, control::execute).get(30, TimeUnit.SECONDS);
    }

    private void awaitEvent(Event expected) throws InterruptedException {
        Event event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).isEqualTo(expected);
    }

    /** Two connections for sixteen threads, so that there are always callers waiting inside the pool. */
    private static ConnectionSettings settings(long number) {
        ConnectionSettings settings = Servers.settings(new Endpoint(host(number), 5432, "orders"));
        return settings.withPool(settings.pool().withMaximumSize(2).withConnectionTimeout(Duration.ofSeconds(5)));
    }
}
