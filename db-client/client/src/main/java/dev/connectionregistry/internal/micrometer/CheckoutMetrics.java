package dev.connectionregistry.internal.micrometer;

import dev.connectionregistry.internal.pool.CheckoutMeters;
import dev.connectionregistry.status.DataSourceStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * HikariCP's meters of a pool, under their usual names, for one data source: {@code hikaricp.connections.acquire},
 * {@code .usage}, {@code .creation} (timers), {@code .timeout} (counter), {@code hikaricp.connections},
 * {@code .active}, {@code .idle}, {@code .pending}, {@code .max} and {@code .min} (gauges). The tag {@code pool} is the
 * database's name and stays the same when the pool is replaced; there are also tags {@code service} and
 * {@code instance}. The time to acquire is a caller's whole wait, including the wait at a closed gate. Thread-safe.
 */
public final class CheckoutMetrics implements CheckoutMeters {
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final Tags tags;
    private final Timer acquire;
    private final Timer usage;
    private final Timer creation;
    private final Counter timeout;

    /** Meters in {@code registry}, until closed. */
    public CheckoutMetrics(
            MeterRegistry registry,
            String database,
            String service,
            String instance,
            Supplier<DataSourceStatus> status) {
        this.registry = registry;
        this.tags = Tags.of("pool", database, "service", service, "instance", instance);
        this.acquire = timer("acquire");
        this.usage = timer("usage");
        this.creation = timer("creation");
        this.timeout =
                Counter.builder("hikaricp.connections.timeout").tags(tags).register(registry);
        meters.addAll(List.of(acquire, usage, creation, timeout));
        gauge("", status, now -> now.pool().active() + now.pool().idle());
        gauge(".active", status, now -> now.pool().active());
        gauge(".idle", status, now -> now.pool().idle());
        gauge(".pending", status, now -> now.pool().waiting());
        gauge(".max", status, now -> now.pool().maximumSize());
        gauge(".min", status, now -> now.pool().minimumIdle());
    }

    /** Meters in Micrometer's global registry, until closed. */
    public static CheckoutMetrics inGlobalRegistry(
            String database, String service, String instance, Supplier<DataSourceStatus> status) {
        return new CheckoutMetrics(Metrics.globalRegistry, database, service, instance, status);
    }

    private Timer timer(String name) {
        return Timer.builder("hikaricp.connections." + name).tags(tags).register(registry);
    }

    private void gauge(String name, Supplier<DataSourceStatus> status, ToDoubleFunction<DataSourceStatus> value) {
        meters.add(Gauge.builder("hikaricp.connections" + name, status, each -> value.applyAsDouble(each.get()))
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }

    @Override
    public void acquired(long nanos) {
        acquire.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void timedOut() {
        timeout.increment();
    }

    @Override
    public void used(long millis) {
        usage.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void created(long millis) {
        creation.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
