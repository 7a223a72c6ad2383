package dev.connectionregistry.internal.pool;

import dev.connectionregistry.pool.PoolOptions;
import org.jspecify.annotations.Nullable;

/**
 * What every generation of one data source has in common, beside what the settings say.
 *
 * @param meters told of each use and each new connection; null for nobody
 */
public record PoolEnvironment(PoolOptions options, @Nullable CheckoutMeters meters) {
    /** Nothing out of the ordinary. */
    public static final PoolEnvironment NONE = new PoolEnvironment(PoolOptions.DEFAULT, null);
}
