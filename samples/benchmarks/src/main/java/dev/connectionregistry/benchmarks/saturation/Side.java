package dev.connectionregistry.benchmarks.saturation;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.StubConnected;
import dev.connectionregistry.benchmarks.hotpath.StubDriver;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A pool of ten connections that do nothing, one of the two ways. The owner closes it. */
final class Side implements AutoCloseable {
    private static final ConnectionSettings SETTINGS = ConnectionSettings.of(
                    Endpoint.parse("stub-0:5432/orders"), "app", SecretRef.parse("env:NOT_READ"))
            .withPool(PoolSettings.DEFAULT.withConnectionTimeout(Duration.ofSeconds(60)));
    private static final ConnectionSettings POLLED = SETTINGS.withPolling(Polling.every(Duration.ofMillis(100)));

    private final DataSource dataSource;
    private final Runnable end;

    private Side(DataSource dataSource, Runnable end) {
        this.dataSource = dataSource;
        this.end = end;
    }

    /** HikariCP alone, with the sizes and time-outs of the other side. */
    static Side hikari() {
        PoolSettings pool = SETTINGS.pool();
        HikariConfig config = new HikariConfig();
        config.setDataSource(new StubDriver().dataSource());
        config.setMaximumPoolSize(pool.maximumSize());
        config.setMinimumIdle(pool.minimumIdle());
        config.setConnectionTimeout(pool.connectionTimeout().toMillis());
        HikariDataSource dataSource = new HikariDataSource(config);
        return new Side(dataSource, dataSource::close);
    }

    /** The data source as services use it. */
    static Side ours() {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", SETTINGS);
        RegistryDataSource dataSource = StubConnected.open(registry, new StubDriver());
        return new Side(dataSource, dataSource::close);
    }

    /** The same, whose settings name another server every {@code interval}. */
    static Side swapping(Duration interval, AtomicInteger swaps) {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put("orders", POLLED);
        RegistryDataSource dataSource = StubConnected.open(registry, new StubDriver());
        ScheduledExecutorService operator = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> unused = operator.scheduleAtFixedRate(
                () -> registry.put(
                        "orders", POLLED.withEndpoint(new Endpoint("stub-" + swaps.incrementAndGet(), 5432, "orders"))),
                interval.toNanos(),
                interval.toNanos(),
                TimeUnit.NANOSECONDS);
        return new Side(dataSource, () -> {
            operator.shutdownNow();
            dataSource.close();
        });
    }

    /** Where callers borrow. */
    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        end.run();
    }
}
