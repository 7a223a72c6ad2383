package dev.connectionregistry.internal.observe;

import dev.connectionregistry.DataSourceStatus;
import dev.connectionregistry.micrometer.RegistryDataSourceMetrics;
import java.util.function.Supplier;

/** Micrometer's global registry, when Micrometer is on the class path. */
public final class StatusMetrics {
    private StatusMetrics() {}

    /** Binds the status to Micrometer's global registry, if there is one; closing what is returned removes the meters. */
    public static AutoCloseable bind(Supplier<DataSourceStatus> status) {
        try {
            Class.forName("io.micrometer.core.instrument.Metrics", false, StatusMetrics.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return () -> {};
        }
        return RegistryDataSourceMetrics.bindToGlobalRegistry(status);
    }
}
