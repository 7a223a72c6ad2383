package dev.connectionregistry.benchmarks.saturation;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Callers that borrow a connection, keep it for a while and give it back, again and again. For one use. */
final class Crowd {
    private static final long SMALL_STACK = 128 * 1024;

    private final DataSource dataSource;
    private final long keepNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder served = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean stopping;

    /**
     * What was seen in a window.
     *
     * @param cpuMillis CPU time of the whole process, in milliseconds for each second
     * @param served how many connections were had, for each second
     * @param failed how many callers got an error, in all
     */
    record Seen(double cpuMillis, double served, long failed) {}

    private Crowd(DataSource dataSource, Duration keep) {
        this.dataSource = dataSource;
        this.keepNanos = keep.toNanos();
    }

    /** Starts {@code count} callers that keep each connection for {@code keep}. */
    static Crowd start(ThreadFactory factory, int count, DataSource dataSource, Duration keep) {
        Crowd crowd = new Crowd(dataSource, keep);
        for (int i = 0; i < count; i++) {
            Thread thread = factory.newThread(crowd::run);
            crowd.threads.add(thread);
            thread.start();
        }
        return crowd;
    }

    /** Threads of the operating system. */
    static ThreadFactory platform() {
        return task -> new Thread(null, task, "caller", SMALL_STACK);
    }

    /** Virtual threads; empty where the JDK has none. */
    static Optional<ThreadFactory> virtual() {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return Optional.of((ThreadFactory) factory.invoke(builder));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("JDK " + Runtime.version() + " should have virtual threads", e);
        }
    }

    private void run() {
        while (!stopping) {
            try (Connection connection = dataSource.getConnection()) {
                if (!stopping && !connection.isClosed()) {
                    LockSupport.parkNanos(keepNanos);
                }
                served.increment();
            } catch (SQLException e) {
                failed.increment();
            }
        }
    }

    /** Looks on for a while. */
    Seen watch(Duration window) throws InterruptedException {
        long start = System.nanoTime();
        long cpu = cpuNanos();
        long servedBefore = served.sum();
        long failedBefore = failed.sum();
        Thread.sleep(window.toMillis());
        long servedNow = served.sum();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Seen(
                (cpuNanos() - cpu) / 1e6 / seconds, (servedNow - servedBefore) / seconds, failed.sum() - failedBefore);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    /** Ends all callers; those who wait are served first, which takes as long as there is to wait. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread each : threads) {
            each.join();
        }
    }
}
