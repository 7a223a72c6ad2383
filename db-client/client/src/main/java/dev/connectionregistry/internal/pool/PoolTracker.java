package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of each return of one pool's connections. How long a caller waited is told by the data source, which alone knows all of it (the
 * pool sees a slice); how long a login took, by the {@link ConnectionSource}, since the pool only takes what was opened ahead.
 */
final class PoolTracker implements IMetricsTracker {
    private final LongConsumer returned;

    /**
     * For one pool.
     *
     * @param returned is told just before a connection counts as returned, by the thread that returns it, for how many milliseconds it
     *     was in use
     */
    PoolTracker(LongConsumer returned) {
        this.returned = returned;
    }

    /** For a pool that has nobody to tell but {@code meters}; null if there are none. */
    static @Nullable MetricsTrackerFactory factory(@Nullable CheckoutMeters meters) {
        return meters == null ? null : (pool, stats) -> new PoolTracker(meters::used);
    }

    @Override
    public void recordConnectionUsageMillis(long millis) {
        returned.accept(millis);
    }
}
