package dev.connectionregistry.testing;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that use a data source until told to stop, and what they saw. Owned by the test, which must {@link #stop} it before
 * it closes the data source.
 */
public final class Load implements AutoCloseable {
    /** After as many failures a thread ends: what there is to see has been seen. */
    private static final int ENOUGH = 100;

    private final Source source;
    private final Work work;
    private final ExecutorService threads;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong longestCheckoutNanos = new AtomicLong();
    private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** Where connections come from, such as {@code dataSource::getConnection}. */
    @FunctionalInterface
    public interface Source {
        /** A connection, which the caller closes. */
        Connection getConnection() throws SQLException;
    }

    /** What is done with one connection. */
    @FunctionalInterface
    public interface Work {
        /** Uses {@code connection}; {@code number} is unique within the load. */
        void on(Connection connection, long number) throws SQLException;
    }

    private Load(Source source, int threadCount, Work work) {
        this.source = source;
        this.work = work;
        this.threads = Executors.newFixedThreadPool(threadCount, task -> new Thread(task, "load"));
        for (int i = 0; i < threadCount; i++) {
            threads.execute(this::run);
        }
    }

    /** Begins. */
    public static Load start(Source source, int threadCount, Work work) {
        return new Load(source, threadCount, work);
    }

    private void run() {
        while (!stopping) {
            long number = done.incrementAndGet();
            long before = System.nanoTime();
            try (Connection connection = source.getConnection()) {
                longestCheckoutNanos.accumulateAndGet(System.nanoTime() - before, Math::max);
                work.on(connection, number);
            } catch (SQLException e) {
                longestCheckoutNanos.accumulateAndGet(System.nanoTime() - before, Math::max);
                failures.add(e);
                if (failures.size() >= ENOUGH) {
                    return;
                }
            }
        }
    }

    /** How many uses were begun so far. */
    public long done() {
        return done.get();
    }

    /** The longest that {@code getConnection()} took, in milliseconds. */
    public long longestCheckoutMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestCheckoutNanos.get());
    }

    /** Begins to look for the longest checkout again. */
    public void forgetLongestCheckout() {
        longestCheckoutNanos.set(0);
    }

    /**
     * The longest checkout, in milliseconds, that may be seen while something is done to the data source: 250, or, on a
     * machine so busy that it stalls the load by itself, twice what is seen now in {@code uses} uses with nothing done.
     */
    public long longestCheckoutAllowedMillis(long uses) {
        long end = done() + uses;
        forgetLongestCheckout();
        await().atMost(Duration.ofMinutes(1)).until(() -> done() >= end);
        long undisturbed = longestCheckoutMillis();
        forgetLongestCheckout();
        return Math.max(250, 2 * undisturbed);
    }

    /** What failed so far. */
    public List<SQLException> failures() {
        return new ArrayList<>(failures);
    }

    /** Ends all threads, within 30 s. */
    public void stop() {
        stopping = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                threads.shutdownNow();
                throw new AssertionError("a thread of the load hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }
}
