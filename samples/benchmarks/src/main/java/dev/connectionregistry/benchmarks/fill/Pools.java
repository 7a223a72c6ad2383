package dev.connectionregistry.benchmarks.fill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.pool.GenerationOpener;
import dev.connectionregistry.internal.pool.PoolEnvironment;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.internal.pool.PostgresConnector;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/** Pools of one database, opened in both ways. For one thread. */
final class Pools implements AutoCloseable {
    private static final String NAME = "orders";
    private static final long LOOK_NANOS = Duration.ofNanos(100_000).toNanos();
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final LocalPostgres server;
    private final PostgresConnector connector;
    private final ScheduledThreadPoolExecutor housekeeper = new ScheduledThreadPoolExecutor(1);
    private long generations;

    /** {@code server} stays the caller's. */
    Pools(LocalPostgres server) throws SQLException {
        this.server = server.createDatabase(NAME);
        this.connector = new PostgresConnector(new SecretResolvers(List.of(new OwnPassword(server))), "benchmark");
        housekeeper.setRemoveOnCancelPolicy(true);
    }

    /** Knows the password of one local server. */
    private record OwnPassword(LocalPostgres server) implements SecretResolver {
        @Override
        public String scheme() {
            return "env";
        }

        @Override
        public Secret resolve(SecretRequest request) {
            return new Secret(server.password());
        }
    }

    private ConnectionSettings settings(int size) {
        Endpoint endpoint = new Endpoint(server.host(), server.port(), NAME);
        return ConnectionSettings.of(endpoint, server.superuser(), SecretRef.parse("env:PASSWORD"))
                .withPool(PoolSettings.DEFAULT.withMaximumSize(size).withMinimumIdle(size));
    }

    /** How long one login with its validation takes, in milliseconds. */
    double login() throws SQLException {
        long begun = System.nanoTime();
        connector.open(settings(1)).close();
        return millisSince(begun);
    }

    /** How long a pool of HikariCP alone takes until it has {@code size} connections, in milliseconds. */
    double hikari(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl(NAME));
        config.setUsername(server.superuser());
        config.setPassword(server.password());
        config.setMaximumPoolSize(size);
        long begun = System.nanoTime();
        try (HikariDataSource pool = new HikariDataSource(config)) {
            while (pool.getHikariPoolMXBean().getIdleConnections() < size
                    && System.nanoTime() - begun < LONGEST_NANOS) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return millisSince(begun);
        }
    }

    /** The same, for a generation of ours. */
    double ours(int size) throws SQLException {
        long begun = System.nanoTime();
        PoolGeneration generation = generation(size);
        double millis = millisSince(begun);
        generation.close();
        return millis;
    }

    /** A generation of {@code size} connections, all open; the caller must close it. */
    PoolGeneration generation(int size) throws SQLException {
        return new GenerationOpener(
                        NAME,
                        ++generations,
                        settings(size),
                        size,
                        connector,
                        AcceptedPrimary.WRITABLE,
                        failure -> {},
                        PoolEnvironment.NONE,
                        housekeeper)
                .open();
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    @Override
    public void close() {
        housekeeper.shutdownNow();
    }
}
