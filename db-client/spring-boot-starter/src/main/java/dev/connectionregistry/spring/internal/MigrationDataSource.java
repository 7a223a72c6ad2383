package dev.connectionregistry.spring.internal;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.status.StartException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The source of Flyway's or Liquibase's connections: the application's data source, or one with its own role, which is
 * opened with the first connection and closed when the application has started. Each connection waits until no cutover
 * is under way: a change of the schema would undo the cutover. Thread-safe.
 */
final class MigrationDataSource extends AbstractDataSource implements SmartInitializingSingleton, AutoCloseable {
    private final Supplier<RegistryDataSource> source;
    private final boolean owned;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock". */
    private @Nullable RegistryDataSource opened;

    /**
     * Opens nothing yet.
     *
     * @param owned whether this object must close what {@code source} returns
     * @param patience how long a connection waits for the end of a cutover
     */
    MigrationDataSource(Supplier<RegistryDataSource> source, boolean owned, Duration patience) {
        this.source = source;
        this.owned = owned;
        this.patience = patience;
    }

    @Override
    public Connection getConnection() throws SQLException {
        RegistryDataSource dataSource = opened();
        dataSource.awaitNoCutover(patience);
        return dataSource.getConnection();
    }

    private RegistryDataSource opened() throws SQLException {
        lock.lock();
        try {
            RegistryDataSource dataSource = opened;
            if (dataSource == null) {
                dataSource = source.get();
                opened = dataSource;
            }
            return dataSource;
        } catch (StartException | InvalidSettingsException e) {
            throw new SQLNonTransientConnectionException(
                    "no connection for a migration: " + e.getMessage(), "08001", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the role of migrations is in connection-registry.migration.*");
    }

    /** The migrations are done, so their sessions end. A later migration opens them again. */
    @Override
    public void afterSingletonsInstantiated() {
        close();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            RegistryDataSource dataSource = opened;
            opened = null;
            if (owned && dataSource != null) {
                dataSource.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
