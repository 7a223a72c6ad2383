package dev.connectionregistry.internal.pool;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.ServerRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where one generation's pool gets its physical connections. Knows those that are open, so that a drain can end them on
 * the server, and passes every sign of a moved database on. Thread-safe.
 */
final class ConnectionSource {
    /** For how long the service's own statement for a new session may take. */
    private static final int INIT_MILLIS = 10_000;

    private final ConnectionSettings settings;
    private final Connector connector;
    private final ServerObserver signs;
    private final FencedSessions fenced;
    private final PoolEnvironment customs;
    /** How often the password had been changed when the first connection was open; less than 0 before that. */
    private final AtomicLong changesBefore = new AtomicLong(-1);

    private final Set<Connection> opened = ConcurrentHashMap.newKeySet();
    private final PoolHealth health = new PoolHealth(System::nanoTime);
    private volatile @Nullable SQLException lastFailure;
    private volatile Optional<ServerIdentity> server = Optional.empty();
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile boolean cancelled;

    /**
     * Opens nothing yet.
     *
     * @param customs with the statement that each connection executes first, and the meters
     */
    ConnectionSource(
            Connector connector,
            ConnectionSettings settings,
            AcceptedPrimary accepts,
            ServerObserver signs,
            PoolEnvironment customs) {
        this.customs = customs;
        this.connector = connector;
        this.settings = settings;
        this.signs = signs;
        this.fenced = new FencedSessions(connector, settings, accepts, signs);
    }

    /** Opens a connection. */
    Connection getConnection() throws SQLException {
        if (cancelled) {
            throw unwanted();
        }
        long begun = System.nanoTime();
        try {
            Connector.Reached reached = fenced.begin();
            Connection connection = reached.connection();
            opened.add(connection);
            initialise(connection);
            server = reached.server();
            if (cancelled) { // Hikari, closed meanwhile, would drop it without closing it
                PostgresConnector.closeQuietly(connection);
                throw unwanted();
            }
            noteOpened(System.nanoTime() - begun);
            return connection;
        } catch (SQLException e) {
            noteFailed(e);
            noteIfMoved(e);
            throw e;
        } catch (RuntimeException | LinkageError e) { // Hikari would try again in silence
            SQLException failure = new SQLNonTransientConnectionException(
                    "can't connect to " + settings.endpoint() + ": " + e, "08001", e);
            noteFailed(failure);
            throw failure;
        } finally {
            forgetClosed();
        }
    }

    private void initialise(Connection connection) throws SQLException {
        Optional<String> initSql = customs.options().connectionInitSql();
        if (initSql.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            int timeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, INIT_MILLIS);
            statement.execute(initSql.get());
            connection.setNetworkTimeout(Runnable::run, timeout);
        } catch (SQLException e) {
            PostgresConnector.closeQuietly(connection);
            throw new SQLException(
                    "the service's initial SQL failed on " + settings.endpoint() + ": "
                            + Printable.shortLine(String.valueOf(e.getMessage())),
                    e.getSQLState(),
                    e);
        }
    }

    private void noteOpened(long tookNanos) {
        CheckoutMeters meters = customs.meters();
        if (meters != null) {
            meters.created(TimeUnit.NANOSECONDS.toMillis(tookNanos));
        }
        if (health.opened()) {
            signs.healthChanged();
        }
        tellIfPasswordChanged();
    }

    private void noteFailed(SQLException failure) {
        lastFailure = failure;
        if (!cancelled) {
            health.failed(failure);
            signs.healthChanged();
        }
    }

    /** Told again with each connection, until somebody replaces the pool. */
    private void tellIfPasswordChanged() {
        long changes = connector.passwordChanges(settings);
        if (!changesBefore.compareAndSet(-1, changes) && changes > changesBefore.get()) {
            signs.passwordChanged();
        }
    }

    /** Why there is no connection from a pool that is given up. */
    static SQLException unwanted() {
        return new SQLException("the pool is no longer wanted", "08003");
    }

    /** Hikari closes physical connections without telling; opening is rare enough to tidy up on. */
    private void forgetClosed() {
        opened.removeIf(ConnectionSource::isClosed);
    }

    static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Opens a connection and closes it again, so that {@link #health} knows how the server is now. Does nothing while another
     * thread is at it: a server that is mute would be asked ever more. Blocks for as long as opening one may take.
     */
    void probe() {
        if (!probing.compareAndSet(false, true)) {
            return;
        }
        try {
            PostgresConnector.closeQuietly(getConnection());
        } catch (SQLException e) {
            // noted where it happened
        } finally {
            probing.set(false);
        }
    }

    /** A statement was refused for being a write. */
    void noteWriteRefused() {
        if (!cancelled && health.isLookDue()) {
            signs.writeRefused();
        }
    }

    /** Whether connections can be opened. */
    PoolHealth health() {
        return health;
    }

    /** The physical connections that are open now. */
    List<Connection> openConnections() {
        forgetClosed();
        return new ArrayList<>(opened);
    }

    /** What last went wrong when opening a connection; null if nothing did. */
    @Nullable
    SQLException lastFailure() {
        return lastFailure;
    }

    /** Which server the newest connection has reached; empty before the first, and if that can't be told. */
    Optional<ServerIdentity> server() {
        return server;
    }

    /** Why the latest attempt to open a connection failed; null if it succeeded, or there was none. */
    @Nullable
    SQLException whyFailing() {
        return health.latestFailure();
    }

    /** Opens no more connections; one that is being opened now is closed as soon as it is there. */
    void cancel() {
        cancelled = true;
    }

    /** As {@link #cancel}, and closes those that are open. */
    void close() {
        cancel();
        openConnections().forEach(PostgresConnector::closeQuietly);
    }

    /** Those of its sessions that began under a fence. */
    FencedSessions fenced() {
        return fenced;
    }

    ConnectionSettings settings() {
        return settings;
    }

    /** Passes a failure on if it smells of a moved database. */
    void noteIfMoved(SQLException failure) {
        boolean expected = MovedDatabaseErrors.isDemoted(failure) && settings.role() != ServerRole.PRIMARY;
        if (!cancelled && !expected && MovedDatabaseErrors.isSign(failure.getSQLState())) {
            signs.moved(failure);
        }
    }

    @Override
    public String toString() {
        return "connections to " + settings.endpoint();
    }
}
