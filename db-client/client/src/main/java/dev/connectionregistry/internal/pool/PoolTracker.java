package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each return of one pool's connections. How long a caller waited is told by the data source, which alone knows all of it (the
 * pool sees a slice); how long a login took, by the {@link ConnectionSource}, since the pool only takes what was opened ahead.
 */
final class PoolTracker implements IMetricsTracker {
    private final @Nullable CheckoutMeters meters;
    private final Runnable returned;

    /** {@code returned} is called just before a connection counts as returned, by the thread that returns it. */
    PoolTracker(@Nullable CheckoutMeters meters, Runnable returned) {
        this.meters = meters;
        this.returned = returned;
    }

    /** For a pool that has nobody to tell but {@code meters}; null if there are none. */
    static @Nullable MetricsTrackerFactory factory(@Nullable CheckoutMeters meters) {
        return meters == null ? null : (pool, stats) -> new PoolTracker(meters, () -> {});
    }

    @Override
    public void recordConnectionUsageMillis(long millis) {
        if (meters != null) {
            meters.used(millis);
        }
        returned.run();
    }
}
