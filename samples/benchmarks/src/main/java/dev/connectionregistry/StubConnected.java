package dev.connectionregistry;

import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import org.jspecify.annotations.NullMarked;

/** Lets benchmarks put a stub in the place of the driver, which only this package may do. */
@NullMarked
public final class StubConnected {
    private StubConnected() {}

    /** A data source as services build it, with {@code settings} from a registry in memory, on connections of {@code connector}. */
    public static RegistryDataSource open(ConnectionSettings settings, Connector connector) {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", settings);
        return open(registry, connector);
    }

    /** The same, with the settings of "orders" in {@code registry}, which stays the caller's. */
    public static RegistryDataSource open(InMemoryRegistry registry, Connector connector) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database("orders")
                .service("benchmark")
                .connector(connector)
                .build();
    }
}
