package dev.connectionregistry.jdbc;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.jdbc.DriverUrl.Parameter;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StartException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one data source of all connections with one URL; the first connection opens it. With {@code pooling=outer}, its
 * own pool has a single connection, which monitors the server; all others belong to the outer pool. Thread-safe.
 */
final class SharedDataSource implements AutoCloseable {
    /** How long a migration waits for the end of a cutover, which usually takes seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final DriverUrl url;
    private final boolean isPoolingOwn;
    private final boolean isMigration;
    private final Map<String, String> environment;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable RegistryDataSource dataSource;
    /** Guarded by "lock", as is "closed". */
    private @Nullable DynamoDbSettingsRegistry registry;

    private boolean closed;

    SharedDataSource(DriverUrl url, Map<String, String> environment) {
        this.url = url;
        this.isPoolingOwn = url.isPoolingOwn();
        this.isMigration = url.isMigration();
        this.environment = environment;
    }

    /** Opens a connection; may block at the gate, for a start, and for a login, each for a bounded time. */
    Connection connect() throws SQLException {
        RegistryDataSource opened = dataSource;
        if (opened == null) {
            opened = open();
        }
        if (isMigration) {
            opened.awaitNoCutover(PATIENCE);
        }
        return isPoolingOwn ? opened.getConnection() : RegistryConnection.open(opened.unwrap(Borrower.class));
    }

    private RegistryDataSource open() throws SQLException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException(
                    url.database() + ": interrupted while another thread starts its data source", "57014");
        }
        try {
            if (closed) {
                throw RegistryDriver.deregistered();
            }
            RegistryDataSource opened = dataSource;
            if (opened == null) {
                opened = start();
                dataSource = opened;
            }
            return opened;
        } catch (StartException | InvalidSettingsException | RegistryException e) {
            closeRegistry();
            throw new SQLNonTransientConnectionException(
                    DriverUrl.PREFIX + url.database() + ": " + e.getMessage(), "08001", e);
        } finally {
            lock.unlock();
        }
    }

    private RegistryDataSource start() {
        RegistryDataSourceBuilder builder = RegistryDataSource.builderFrom(url.variables(environment));
        if (!isPoolingOwn) {
            builder.pool(PoolOptions.DEFAULT.withMaximumSize(1).withMinimumIdle(1));
        }
        url.startTimeout().ifPresent(builder::startTimeout);
        String username = url.parameters().get(Parameter.USERNAME);
        String password = url.parameters().get(Parameter.PASSWORD_REF);
        if (username != null && password != null) {
            builder.credentials(username, SecretRef.parse(password));
        }
        String region = url.parameters().get(Parameter.REGION);
        String endpoint = url.parameters().get(Parameter.ENDPOINT_URL);
        if (region != null || endpoint != null) {
            TableLocation location = TableLocation.fromEnvironment(url.variables(environment));
            location = region == null ? location : location.withRegion(region);
            location = endpoint == null ? location : location.withEndpointUrl(endpoint);
            DynamoDbSettingsRegistry opened = DynamoDbSettingsRegistry.open(location);
            registry = opened;
            builder.registry(opened);
        }
        return builder.build();
    }

    private void closeRegistry() {
        DynamoDbSettingsRegistry opened = registry;
        registry = null;
        if (opened != null) {
            opened.close();
        }
    }

    /** The data source's status; null before the first connection. */
    @Nullable
    DataSourceStatus status() {
        RegistryDataSource opened = dataSource;
        return opened == null ? null : opened.status();
    }

    /** Closes what was opened; ends what connections are doing, after a few seconds at most. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            RegistryDataSource opened = dataSource;
            if (opened != null) {
                opened.close();
            }
            closeRegistry();
        } finally {
            lock.unlock();
        }
    }
}
