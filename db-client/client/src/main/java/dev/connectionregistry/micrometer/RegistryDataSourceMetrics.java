package dev.connectionregistry.micrometer;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.status.DataSourceStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Meters of one data source, tagged {@code database}, {@code service} and {@code instance}:
 *
 * <ul>
 *   <li>{@code connection.registry.version}, {@code connection.registry.acknowledged.version},
 *       {@code connection.registry.generation};
 *   <li>{@code connection.registry.staleness} in seconds;
 *   <li>{@code connection.registry.rejected}: 1 while newer settings can't be used, else 0;
 *   <li>{@code connection.registry.pool.failing}: 1 while the pool can't open connections, else 0;
 *   <li>{@code connection.registry.pool.active}, {@code .idle}, {@code .waiting}, {@code .max};
 *   <li>{@code connection.registry.connections.cut}: counts connections ended at the end of a grace.
 * </ul>
 *
 * Every data source binds itself to {@link Metrics#globalRegistry}; for another registry use {@link #bindTo}. Thread-safe.
 */
public final class RegistryDataSourceMetrics implements MeterBinder, AutoCloseable {
    private final Supplier<DataSourceStatus> status;
    private final List<Bound> bound = new CopyOnWriteArrayList<>();

    private record Bound(MeterRegistry registry, Meter meter) {}

    /** Meters that show {@code status}, usually {@code dataSource::status}. */
    public RegistryDataSourceMetrics(Supplier<DataSourceStatus> status) {
        this.status = status;
    }

    /** Binds the meters to Micrometer's global registry; close the result to remove them. */
    public static AutoCloseable bindToGlobalRegistry(Supplier<DataSourceStatus> status) {
        RegistryDataSourceMetrics metrics = new RegistryDataSourceMetrics(status);
        try {
            metrics.bindTo(Metrics.globalRegistry);
            return metrics;
        } catch (RuntimeException | LinkageError e) {
            metrics.close(); // removes those that were bound before the failure
            throw e;
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "version", now -> now.version());
        gauge(registry, "acknowledged.version", now -> now.acknowledgedVersion());
        gauge(registry, "generation", now -> now.generation());
        gauge(registry, "staleness", now -> now.staleness().toMillis() / 1000.0);
        gauge(registry, "rejected", now -> now.state() == InstanceState.REJECTED ? 1 : 0);
        gauge(registry, "pool.failing", now -> now.poolProblem().isPresent() ? 1 : 0);
        gauge(registry, "pool.active", now -> now.pool().active());
        gauge(registry, "pool.idle", now -> now.pool().idle());
        gauge(registry, "pool.waiting", now -> now.pool().waiting());
        gauge(registry, "pool.max", now -> now.pool().maximumSize());
        bound.add(new Bound(
                registry,
                FunctionCounter.builder("connection.registry.connections.cut", status, each -> each.get()
                                .cutConnections())
                        .tags(tags())
                        .register(registry)));
    }

    private void gauge(MeterRegistry registry, String name, ToDoubleFunction<DataSourceStatus> value) {
        bound.add(new Bound(
                registry,
                Gauge.builder("connection.registry." + name, status, each -> value.applyAsDouble(each.get()))
                        .tags(tags())
                        .strongReference(true)
                        .register(registry)));
    }

    private Tags tags() {
        DataSourceStatus now = status.get();
        return Tags.of("database", now.database().value(), "service", now.service(), "instance", now.instance());
    }

    /** Removes the meters from every registry they were bound to. */
    @Override
    public void close() {
        bound.forEach(each -> each.registry().remove(each.meter()));
        bound.clear();
    }
}
