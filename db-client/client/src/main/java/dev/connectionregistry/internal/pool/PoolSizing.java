package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings one pool to its configured size sooner than Hikari does, which checks every 30 s and opens one connection
 * after the other.
 * Thread-safe.
 */
final class PoolSizing {
    /** For filling a pool whose size was increased. */
    private static final Duration FILL = Duration.ofSeconds(5);

    private final HikariConfig config;
    private final HikariPool pool;
    private final Adder adder;
    private final AtomicBoolean trimming = new AtomicBoolean();

    PoolSizing(HikariConfig config, HikariPool pool, Adder adder) {
        this.config = config;
        this.pool = pool;
        this.adder = adder;
    }

    /** Whether there are more connections than the settings allow, because they used to allow more. */
    boolean isTooLarge() {
        return pool.getTotalConnections() > config.getMaximumPoolSize();
    }

    /** As {@link PoolGeneration#trim}. */
    void trim() {
        if (trimming.compareAndSet(false, true)) {
            try {
                BoundedWait.until(PoolGeneration.SLICE, () -> !evictOneIfTooLarge());
                adder.fill(missing());
                BoundedWait.until(FILL, this::isFilled);
            } finally {
                trimming.set(false);
            }
        }
    }

    private boolean evictOneIfTooLarge() {
        if (!isTooLarge()) {
            return false;
        }
        try (Connection surplus = pool.getConnection(1)) {
            pool.evictConnection(surplus);
            return true;
        } catch (SQLException e) {
            return false; // all are in use; they are checked again later
        }
    }

    /**
     * Requests the connections that are missing below the minimum, which is 0 once a drain has begun. One request isn't
     * enough: Hikari queues only as many requests as the pool's original size, drops the others, and checks again after
     * 30 s.
     */
    private boolean isFilled() {
        int missing = missing();
        add(missing);
        return missing <= 0 || pool.poolState == HikariPool.POOL_SHUTDOWN;
    }

    private int missing() {
        return Math.min(
                config.getMinimumIdle() - pool.getIdleConnections(),
                config.getMaximumPoolSize() - pool.getTotalConnections());
    }

    /** Opens {@code count} connections that are missing below the minimum, several at a time; returns at once. */
    void fill(int count) {
        adder.fill(count);
        add(count);
    }

    /** Replaces the {@code before} existing connections: those in use, once they are returned. Returns at once. */
    void replaceAll(int before) {
        evictAll();
        adder.fill(missing());
        add(before);
    }

    /** Closes all connections: those in use, once they are returned. */
    void evictAll() {
        adder.discard();
        pool.softEvictConnections();
    }

    /** Lets Hikari add this many idle connections now; it stops by itself at its minimum. */
    private void add(int count) {
        for (int i = 0; i < count; i++) {
            pool.addBagItem(Integer.MAX_VALUE);
        }
    }
}
