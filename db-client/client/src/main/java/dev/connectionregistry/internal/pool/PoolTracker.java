package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports each return of one pool's connections. The data source reports how long a caller waited, because the pool sees only a slice
 * of that. The {@link ConnectionSource} reports how long a login took, because the pool often takes a connection that is already open.
 */
final class PoolTracker implements IMetricsTracker {
    private final LongConsumer returned;

    /**
     * For one pool.
     *
     * @param returned receives, just before a connection counts as returned, how many milliseconds it was in use;
     *     called by the thread that returns it
     */
    PoolTracker(LongConsumer returned) {
        this.returned = returned;
    }

    /** Creates the tracker of a pool outside a hold, for {@code meters}; null if there are none. */
    static @Nullable MetricsTrackerFactory factory(@Nullable CheckoutMeters meters) {
        return meters == null ? null : (pool, stats) -> new PoolTracker(meters::used);
    }

    @Override
    public void recordConnectionUsageMillis(long millis) {
        returned.accept(millis);
    }
}
