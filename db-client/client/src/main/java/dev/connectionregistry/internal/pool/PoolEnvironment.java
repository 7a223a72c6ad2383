package dev.connectionregistry.internal.pool;

import dev.connectionregistry.pool.PoolOptions;
import org.jspecify.annotations.Nullable;

/**
 * What all generations of one data source have in common, besides the settings.
 *
 * @param meters notified of each use and each new connection; null for none
 */
public record PoolEnvironment(PoolOptions options, @Nullable CheckoutMeters meters) {
    /** All defaults. */
    public static final PoolEnvironment NONE = new PoolEnvironment(PoolOptions.DEFAULT, null);
}
