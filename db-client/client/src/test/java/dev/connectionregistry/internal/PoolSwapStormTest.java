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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Swaps as fast as pools open, on a driver that costs nothing: the races are all in the swap. */
@Tag("storm")
class PoolSwapStormTest {
    private static final int SWAPS = 2000;
    private static final int THREADS = 16;
    /** The first swaps load classes; what they cost is paid once in a process. */
    private static final int WARM_UP_SWAPS = 50;
    /** Threads that only spin would starve each other on a small machine, with and without swaps. */
    private static final long HOLD_NANOS = 200_000;

    private final StubConnector connector = new StubConnector();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @Test
    void twoThousandSwapsLetNobodyWaitOutTheTimeoutAndLeaveNothingBehind() throws Exception {
        Scheduler control = new ControlThread("connection-registry-storm-control");
        ExecutorService workers =
                Executors.newCachedThreadPool(NamedThreads.numbered("connection-registry-storm-worker"));
        ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
        Borrower borrower = new Borrower("storm", () -> "storm");
        PoolGenerations generations =
                new PoolGenerations("storm", connector, borrower, control, workers, housekeeper, events::add);
        swap(control, generations, 1);
        Load load = Load.start(borrower::borrow, THREADS, (connection, number) -> LockSupport.parkNanos(HOLD_NANOS));
        for (int generation = 2; generation <= WARM_UP_SWAPS; generation++) {
            swap(control, generations, generation);
        }
        long allowed = load.longestCheckoutAllowedMillis(20_000);
        for (int generation = WARM_UP_SWAPS + 1; generation <= SWAPS; generation++) {
            swap(control, generations, generation);
        }
        load.stop();
        CompletableFuture<CompletableFuture<Void>> closing = new CompletableFuture<>();
        control.execute(() -> closing.complete(generations.closeAll(Duration.ofSeconds(1))));
        closing.get(30, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS);
        control.close();
        workers.shutdown();
        housekeeper.shutdownNow();

        assertThat(load.failures()).isEmpty();
        assertThat(load.longestCheckoutMillis()).isLessThanOrEqualTo(allowed);
        await().atMost(Duration.ofSeconds(15)).until(() -> connector.openConnections() == 0);
        Leftovers.awaitNoThreads();
    }

    private void swap(Scheduler control, PoolGenerations generations, long number) throws Exception {
        control.execute(() -> generations.open(number, number, settings(number)));
        Event opened = events.poll(30, TimeUnit.SECONDS);
        assertThat(opened).isEqualTo(new Event.GenerationOpened(number));
        Runnable publish = () -> {
            generations.publish(number);
            if (number > 1) {
                generations.retire(number - 1, Duration.ofSeconds(5));
            }
        };
        // Before the first one is published a caller is told that there is nothing.
        CompletableFuture.runAsync(publish, control::execute).get(30, TimeUnit.SECONDS);
    }

    /** Two connections for sixteen threads, so that there are always callers waiting inside the old pool. */
    private static ConnectionSettings settings(long number) {
        ConnectionSettings settings = Servers.settings(new Endpoint(number % 2 == 0 ? "a" : "b", 5432, "orders"));
        return settings.withPool(settings.pool().withMaximumSize(2).withConnectionTimeout(Duration.ofSeconds(2)));
    }
}
