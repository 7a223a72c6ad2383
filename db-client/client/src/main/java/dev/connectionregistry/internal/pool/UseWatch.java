package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.pool.HikariPool;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until no connection of one pool is in use; each return wakes it. Hikari has a tracker that reports returns only
 * during such a wait, so returns cost nothing at other times.
 *
 * <p>Hikari reports a return just before it counts it, and doesn't report a connection that broke in use. A thread may
 * also still use the earlier tracker. So only Hikari's own count decides; it is read soon after each return, then less
 * and less often. Thread-safe.
 */
final class UseWatch {
    private static final long SOONEST_NANOS = Duration.ofNanos(50_000).toNanos();

    private final HikariPool pool;
    private final @Nullable CheckoutMeters meters;
    private final long seldomNanos;
    private final Set<Thread> watching = ConcurrentHashMap.newKeySet();
    private final ReentrantLock switching = new ReentrantLock();
    private volatile long latestReturn = System.nanoTime();

    /** Watches nothing yet; {@code seldom} is the longest time between two checks of a wait. */
    UseWatch(HikariPool pool, @Nullable CheckoutMeters meters, Duration seldom) {
        this.pool = pool;
        this.meters = meters;
        this.seldomNanos = seldom.toNanos();
    }

    /**
     * Blocks until no connection is in use. Call it when callers can't get into the pool any more, so that it stays
     * unused: late callers take a connection only to return it.
     *
     * @return false at the bound, when {@code ended}, and on an interrupt (the flag stays set)
     */
    boolean awaitUnused(Duration bound, BooleanSupplier ended) {
        if (ended.getAsBoolean()) {
            return false;
        }
        return isUnused() || watch(System.nanoTime() + bound.toNanos(), ended);
    }

    /** Whether no connection is in use now. */
    boolean isUnused() {
        return pool.getActiveConnections() == 0;
    }

    private boolean watch(long deadline, BooleanSupplier ended) {
        begin();
        try {
            while (!ended.getAsBoolean()) {
                if (isUnused()) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(this, Math.min(left, pause()));
            }
            return false;
        } finally {
            end();
        }
    }

    private long pause() {
        long quiet = System.nanoTime() - latestReturn;
        return Math.max(SOONEST_NANOS, Math.min(seldomNanos, quiet / 2));
    }

    private void begin() {
        switching.lock();
        try {
            latestReturn = System.nanoTime();
            if (watching.isEmpty()) {
                pool.setMetricsTrackerFactory((name, stats) -> new PoolTracker(this::returned));
            }
            watching.add(Thread.currentThread());
        } finally {
            switching.unlock();
        }
    }

    private void end() {
        switching.lock();
        try {
            watching.remove(Thread.currentThread());
            if (watching.isEmpty()) {
                pool.setMetricsTrackerFactory(PoolTracker.factory(meters));
            }
        } finally {
            switching.unlock();
        }
    }

    private void returned(long usedMillis) {
        if (meters != null) {
            meters.used(usedMillis);
        }
        latestReturn = System.nanoTime();
        watching.forEach(LockSupport::unpark);
    }
}
