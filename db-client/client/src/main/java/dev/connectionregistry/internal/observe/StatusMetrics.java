package dev.connectionregistry.internal.observe;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.micrometer.CheckoutMetrics;
import dev.connectionregistry.internal.pool.CheckoutMeters;
import dev.connectionregistry.micrometer.RegistryDataSourceMetrics;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.status.DataSourceStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Uses Micrometer's global registry if Micrometer is on the class path. */
public final class StatusMetrics {
    private static final Logger LOG = CleanLogger.of(StatusMetrics.class);

    private StatusMetrics() {}

    /**
     * Binds the status to Micrometer's global registry, if there is one; close the result to remove the meters. A
     * failure is logged and has no other effect.
     */
    public static AutoCloseable bind(Supplier<DataSourceStatus> status) {
        if (!isAvailable()) {
            return () -> {};
        }
        try {
            return RegistryDataSourceMetrics.bindToGlobalRegistry(status);
        } catch (RuntimeException | LinkageError e) { // such as an incompatible version of Micrometer
            LOG.warn("{}: no meters: {}", status.get().database(), e.toString());
            return () -> {};
        }
    }

    /** Whether Micrometer is on the class path. */
    public static boolean isAvailable() {
        try {
            Class.forName("io.micrometer.core.instrument.Metrics", false, StatusMetrics.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The meters of each checkout in the global registry, if the service wants them; the caller closes them. */
    public static @Nullable CheckoutMeters checkouts(
            PoolOptions wanted, String database, String service, String instance, Supplier<DataSourceStatus> status) {
        return wanted.checkoutMeters() ? CheckoutMetrics.inGlobalRegistry(database, service, instance, status) : null;
    }
}
