package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.metrics.IMetricsTracker;

/**
 * Tells of one pool's connections. How long a caller waited is told by the data source, which alone knows all of it; the pool
 * sees a slice.
 */
final class PoolTracker implements IMetricsTracker {
    private final CheckoutMeters meters;

    PoolTracker(CheckoutMeters meters) {
        this.meters = meters;
    }

    @Override
    public void recordConnectionUsageMillis(long millis) {
        meters.used(millis);
    }

    @Override
    public void recordConnectionCreatedMillis(long millis) {
        meters.created(millis);
    }
}
