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
 * The source of one generation's physical connections. Knows the open ones, so that a drain can end them on the server,
 * and reports every error that suggests a moved database. Thread-safe.
 */
final class ConnectionSource {
    /** How long the service's own statement for a new session may take. */
    private static final int INIT_MILLIS = 10_000;

    private final ConnectionSettings settings;
    private final Connector connector;
    private final ServerObserver signs;
    private final FencedSessions fenced;
    private final PoolEnvironment customs;
    /** How many password changes there had been when the first connection was opened; negative before that. */
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
            if (cancelled) { // Hikari may be closed by now, and would drop it without closing it
                PostgresConnector.closeQuietly(connection);
                throw unwanted();
            }
            noteOpened(System.nanoTime() - begun);
            return connection;
        } catch (SQLException e) {
            noteFailed(e);
            noteIfMoved(e);
            throw e;
        } catch (RuntimeException | LinkageError e) { // Hikari would try again without logging it
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

    /** Reported again with each connection, until the pool is replaced. */
    private void tellIfPasswordChanged() {
        long changes = connector.passwordChanges(settings);
        if (!changesBefore.compareAndSet(-1, changes) && changes > changesBefore.get()) {
            signs.passwordChanged();
        }
    }

    /** Why a pool that was given up has no connection. */
    static SQLException unwanted() {
        return new SQLException("the pool is no longer needed", "08003");
    }

    /** Hikari closes physical connections without notice; connections are opened seldom enough to tidy up then. */
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
     * Opens a connection and closes it again, so that {@link #health} knows the current state of the server. Does
     * nothing while another thread does this: otherwise a server that doesn't answer would get more and more attempts.
     * Blocks for as long as opening a connection may take.
     */
    void probe() {
        if (!probing.compareAndSet(false, true)) {
            return;
        }
        try {
            PostgresConnector.closeQuietly(getConnection());
        } catch (SQLException e) {
            // already noted where it happened
        } finally {
            probing.set(false);
        }
    }

    /** A statement was refused because it is a write. */
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

    /** The last failure to open a connection; null if there was none. */
    @Nullable
    SQLException lastFailure() {
        return lastFailure;
    }

    /** Which server the newest connection has reached; empty before the first, and if that isn't known. */
    Optional<ServerIdentity> server() {
        return server;
    }

    /** Why the latest attempt to open a connection failed; null if it succeeded, or there was none. */
    @Nullable
    SQLException whyFailing() {
        return health.latestFailure();
    }

    /** Opens no more connections; a connection that is being opened now is closed as soon as it is open. */
    void cancel() {
        cancelled = true;
    }

    /** As {@link #cancel}, and closes the open connections. */
    void close() {
        cancel();
        openConnections().forEach(PostgresConnector::closeQuietly);
    }

    /** The sessions that began under a fence. */
    FencedSessions fenced() {
        return fenced;
    }

    ConnectionSettings settings() {
        return settings;
    }

    /** Reports a failure if it suggests a moved database. */
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
