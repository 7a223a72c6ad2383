package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings one pool to the size in its configuration sooner than Hikari, which looks every 30 s and opens one connection after the other.
 * Thread-safe.
 */
final class PoolSizing {
    /** For filling a pool that was made larger. */
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

    /** Whether there are more connections than the settings allow, since they once allowed more. */
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
            return false; // all are in use; there will be another round
        }
    }

    /**
     * Asks for the connections that are missing to the floor, which is 0 from the beginning of a drain on. Once isn't enough:
     * Hikari keeps as many requests as the pool had places when it was made, drops the others, and looks again in 30 s.
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

    /** Opens {@code count} connections that are missing to the floor, several at a time; returns at once. */
    void fill(int count) {
        adder.fill(count);
        add(count);
    }

    /** Replaces the {@code before} connections that there were: those in use, once they are given back. Returns at once. */
    void replaceAll(int before) {
        evictAll();
        adder.fill(missing());
        add(before);
    }

    /** Lets go of all connections: those in use, once they are given back. */
    void evictAll() {
        adder.discard();
        pool.softEvictConnections();
    }

    /** Lets Hikari add so many idle connections now; it stops by itself at its floor. */
    private void add(int count) {
        for (int i = 0; i < count; i++) {
            pool.addBagItem(Integer.MAX_VALUE);
        }
    }
}
