package dev.connectionregistry.benchmarks.fill;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.PoolGeneration;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How soon a hold knows that nothing is in use any more: from the return of the last connection until the thread that waits for it goes on.
 * Each connection is kept for 5 to 15 ms after the gate has closed, as by a statement that was under way. For one thread.
 */
final class EndOfUse {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final long LEAST_NANOS = Duration.ofMillis(5).toNanos();
    private static final long MOST_NANOS = Duration.ofMillis(15).toNanos();

    private final PoolGeneration generation;

    EndOfUse(PoolGeneration generation) {
        this.generation = generation;
    }

    /** Each delay, in microseconds. */
    List<Double> measure(int count) throws SQLException {
        Borrower borrower = new Borrower("orders", () -> "benchmark");
        ExecutorService watcher = Executors.newSingleThreadExecutor();
        try {
            List<Double> delays = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                borrower.publish(generation);
                Connection inUse = borrower.borrow();
                borrower.hold("benchmark");
                Future<Long> noticed = watcher.submit(this::await);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST_NANOS, MOST_NANOS));
                inUse.close();
                long returned = System.nanoTime();
                delays.add(Math.max(0, (noticed.get(BOUND.toSeconds(), TimeUnit.SECONDS) - returned) / 1e3));
            }
            return delays;
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted("the end of use", e);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new BenchmarkException("the end of use was not noticed", e);
        } finally {
            watcher.shutdownNow();
        }
    }

    private long await() {
        if (!generation.awaitUnused(BOUND, () -> false)) {
            throw new BenchmarkException("a connection is still in use");
        }
        return System.nanoTime();
    }
}
