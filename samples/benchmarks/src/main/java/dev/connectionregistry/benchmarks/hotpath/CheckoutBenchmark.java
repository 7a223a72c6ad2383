package dev.connectionregistry.benchmarks.hotpath;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.StubConnected;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One operation is a checkout and its close. Each variant runs in JVMs of its own, started by {@link HotPath}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CheckoutBenchmark {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(Endpoint.parse("stub:5432/orders"), "app", SecretRef.parse("env:NOT_READ"));

    /** HikariCP alone, with the sizes and time-outs that the settings give to the other variant. */
    @State(Scope.Benchmark)
    public static class Hikari {
        private final HikariDataSource dataSource = new HikariDataSource(configuration());

        private static HikariConfig configuration() {
            PoolSettings pool = SETTINGS.pool();
            HikariConfig config = new HikariConfig();
            config.setDataSource(new StubDriver().dataSource());
            config.setMaximumPoolSize(pool.maximumSize());
            config.setMinimumIdle(pool.minimumIdle());
            config.setConnectionTimeout(pool.connectionTimeout().toMillis());
            config.setIdleTimeout(pool.idleTimeout().toMillis());
            config.setMaxLifetime(pool.maxLifetime().toMillis());
            config.setKeepaliveTime(pool.keepaliveTime().toMillis());
            config.setValidationTimeout(pool.validationTimeout().toMillis());
            return config;
        }

        /** Opens all connections. */
        @Setup
        public void fillPool() {
            fill(dataSource);
        }

        /** Closes the pool. */
        @TearDown
        public void close() {
            dataSource.close();
        }
    }

    /** The data source as services use it: registry, polling, reports, all of its threads. */
    @State(Scope.Benchmark)
    public static class Registry {
        private final RegistryDataSource dataSource = StubConnected.open(SETTINGS, new StubDriver());

        /** Opens all connections. */
        @Setup
        public void fillPool() {
            fill(dataSource);
        }

        /** Ends everything. */
        @TearDown
        public void close() {
            dataSource.close();
        }
    }

    /** The baseline. */
    @Benchmark
    public void hikari(Hikari state) throws SQLException {
        state.dataSource.getConnection().close();
    }

    /** What services call. */
    @Benchmark
    public void registry(Registry state) throws SQLException {
        state.dataSource.getConnection().close();
    }

    /**
     * Opens all connections of a pool, on a thread of its own: Hikari remembers for each thread what it gave back, and the
     * threads that are measured must find the same in both variants.
     */
    private static void fill(DataSource dataSource) {
        Executor ownThread = task -> new Thread(task, "fill").start();
        CompletableFuture.runAsync(() -> takeAll(dataSource), ownThread).join();
    }

    private static void takeAll(DataSource dataSource) {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < SETTINGS.pool().maximumSize(); i++) {
                taken.add(dataSource.getConnection());
            }
            for (Connection connection : taken) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the pool could not be filled", e);
        }
    }
}
