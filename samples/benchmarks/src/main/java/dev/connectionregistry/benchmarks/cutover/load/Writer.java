package dev.connectionregistry.benchmarks.cutover.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One caller: borrows a connection, inserts one row with autocommit, gives it back, rests. It never tries again: every
 * error is counted. What it recorded may be read by other threads after {@link #join}.
 */
final class Writer {
    private static final String INSERT = "INSERT INTO orders (id, item) VALUES (?, ?)";
    private static final String ITEM = "tea";

    private final DataSource dataSource;
    private final long pauseNanos;
    private final Thread thread;
    private final Latencies latencies = new Latencies();
    private final List<UUID> acknowledged = new ArrayList<>();
    private int failed;
    private @Nullable String firstFailure;
    private volatile boolean measuring;
    private volatile boolean stopped;

    private Writer(int number, DataSource dataSource, long pauseNanos) {
        this.dataSource = dataSource;
        this.pauseNanos = pauseNanos;
        this.thread = new Thread(this::run, "writer-" + number);
        thread.setDaemon(true);
    }

    static Writer start(int number, DataSource dataSource, long pauseNanos) {
        Writer writer = new Writer(number, dataSource, pauseNanos);
        writer.thread.start();
        return writer;
    }

    void measure() {
        measuring = true;
    }

    /** Ends it after the statement in progress. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** False if it didn't end in time. */
    boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    Latencies latencies() {
        return latencies;
    }

    List<UUID> acknowledged() {
        return acknowledged;
    }

    int failed() {
        return failed;
    }

    Optional<String> firstFailure() {
        return Optional.ofNullable(firstFailure);
    }

    /** Rests between half and one and a half of the pause; a stall is not made up for. */
    private void run() {
        long next = System.nanoTime() + ThreadLocalRandom.current().nextLong(pauseNanos);
        while (!stopped) {
            for (long rest = next - System.nanoTime(); rest > 0 && !stopped; rest = next - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            insertOne();
            long pause = pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos);
            next = Math.max(next + pause, System.nanoTime());
        }
    }

    private void insertOne() {
        UUID id = UUID.randomUUID();
        boolean measured = measuring;
        long start = System.nanoTime();
        try {
            insert(id);
            acknowledged.add(id);
        } catch (SQLException e) {
            failed(e.getSQLState() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) { // a failure too, whatever the driver or a pool throws
            failed(e.toString());
        }
        if (measured) {
            latencies.add(System.nanoTime() - start);
        }
    }

    private void insert(UUID id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, id);
            insert.setString(2, ITEM);
            insert.executeUpdate();
        }
    }

    private void failed(String how) {
        failed++;
        if (firstFailure == null) {
            firstFailure = how;
        }
    }
}
