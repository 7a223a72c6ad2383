package dev.connectionregistry.internal.observe;

import dev.connectionregistry.DataSourceStatus;
import dev.connectionregistry.micrometer.RegistryDataSourceMetrics;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Micrometer's global registry, when Micrometer is on the class path. */
public final class StatusMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(StatusMetrics.class);

    private StatusMetrics() {}

    /**
     * Binds the status to Micrometer's global registry, if there is one; closing what is returned removes the meters. Failing
     * to is logged and harms nothing.
     */
    public static AutoCloseable bind(Supplier<DataSourceStatus> status) {
        try {
            Class.forName("io.micrometer.core.instrument.Metrics", false, StatusMetrics.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return () -> {};
        }
        try {
            return RegistryDataSourceMetrics.bindToGlobalRegistry(status);
        } catch (RuntimeException | LinkageError e) { // such as a Micrometer of another age
            LOG.warn("{}: no meters: {}", status.get().database(), e.toString());
            return () -> {};
        }
    }
}
