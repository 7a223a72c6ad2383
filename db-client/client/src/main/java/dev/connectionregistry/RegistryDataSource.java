package dev.connectionregistry;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.Assembly;
import dev.connectionregistry.internal.CutoverWait;
import dev.connectionregistry.internal.observe.StatusBean;
import dev.connectionregistry.internal.observe.StatusMetrics;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.CheckoutMeters;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.status.StatusListener;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DataSource} that follows the settings in the registry: it polls them at the interval that the settings
 * themselves define, and replaces its pool, without errors for its callers, when they change.
 *
 * <pre>{@code
 * try (DynamoDbSettingsRegistry registry = DynamoDbSettingsRegistry.open(TableLocation.of("connection-registry"));
 *         RegistryDataSource dataSource = RegistryDataSource.builder()
 *                 .registry(registry)
 *                 .database("orders")
 *                 .service("checkout")
 *                 .build()) {
 *     try (Connection connection = dataSource.getConnection()) { ... }
 * }
 * }</pre>
 *
 * <p>Thread-safe. The caller owns it and must {@link #close} it.
 */
public final class RegistryDataSource implements DataSource, AutoCloseable {
    private final Borrower borrower;
    private final @Nullable CheckoutMeters meters;
    private final Assembly assembly;
    private final CutoverWait cutover;
    private final Duration closeGrace;
    private final List<AutoCloseable> owned;
    private final List<AutoCloseable> watchers;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean saidWhatIsIgnored = new AtomicBoolean();

    private RegistryDataSource(
            Assembly assembly,
            CutoverWait cutover,
            Duration closeGrace,
            List<AutoCloseable> owned,
            List<AutoCloseable> watchers) {
        this.borrower = assembly.borrower();
        this.meters = assembly.meters();
        this.assembly = assembly;
        this.cutover = cutover;
        this.closeGrace = closeGrace;
        this.owned = owned;
        this.watchers = watchers;
    }

    /** Starts a data source from what {@link RegistryDataSourceBuilder#build} has checked. */
    static RegistryDataSource start(
            Assembly.Ingredients ingredients, Duration startTimeout, Duration closeGrace, List<AutoCloseable> owned) {
        Assembly assembly;
        try {
            assembly = new Assembly(ingredients);
            assembly.start(startTimeout);
        } catch (RuntimeException e) {
            closeAll(owned, e);
            throw e;
        }
        List<AutoCloseable> watchers =
                List.of(StatusBean.register(assembly::status), StatusMetrics.bind(assembly::status));
        CutoverWait cutover = new CutoverWait(ingredients.registry(), ingredients.database(), assembly::status);
        return new RegistryDataSource(assembly, cutover, closeGrace, owned, watchers);
    }

    /** An empty builder. */
    public static RegistryDataSourceBuilder builder() {
        return new RegistryDataSourceBuilder();
    }

    /**
     * A data source on the DynamoDB registry, configured by environment variables: {@code REGISTRY_DATABASE} and
     * {@code REGISTRY_SERVICE}; optionally {@code REGISTRY_TABLE} (default {@code connection-registry}),
     * {@code REGISTRY_INSTANCE}, {@code REGISTRY_SNAPSHOT} (a file), {@code REGISTRY_MAXIMUM_SIZE} and
     * {@code REGISTRY_MINIMUM_IDLE} (sizes of this service's or instance's pool). The bounds come from
     * {@code REGISTRY_ALLOW_ENDPOINTS}, {@code REGISTRY_ALLOW_SECRETS}, {@code REGISTRY_REQUIRE_TLS},
     * {@code REGISTRY_ALLOW_CLEARTEXT_PASSWORDS} and {@code REGISTRY_ALLOW_DRIVER_PROPERTIES}; region, endpoint and
     * credentials come from the AWS SDK's own variables.
     *
     * @throws dev.connectionregistry.settings.InvalidSettingsException naming every variable that is missing or wrong
     * @throws StartException if it can't start
     */
    public static RegistryDataSource fromEnvironment() {
        return builderFromEnvironment().build();
    }

    /**
     * A builder with everything that {@link #fromEnvironment} reads, to be completed in code.
     *
     * @throws dev.connectionregistry.settings.InvalidSettingsException naming every variable that is missing or wrong
     */
    public static RegistryDataSourceBuilder builderFromEnvironment() {
        return builderFrom(System.getenv());
    }

    /**
     * A builder with everything that {@link #fromEnvironment} reads, but from {@code variables}.
     *
     * @throws dev.connectionregistry.settings.InvalidSettingsException naming every variable that is missing or wrong
     */
    public static RegistryDataSourceBuilder builderFrom(Map<String, String> variables) {
        return RegistryDataSourceBuilder.fromEnvironment(variables);
    }

    /**
     * Borrows a connection from the current pool, waiting at most for the settings' {@code connectionTimeout}. The
     * caller owns the connection and must close it. The connection stays on the server it came from, even if the
     * settings change meanwhile, until it is closed or the drain grace ends.
     *
     * @return an open connection, of a generation that was current at the end of this call
     * @throws java.sql.SQLTransientConnectionException if none was free in time; the message has state, version,
     *     endpoint and the pool's figures; the next exception is the last failure to connect
     * @throws SQLException if the data source is closed (08003), or the thread was interrupted (its flag is set)
     */
    @Override
    public Connection getConnection() throws SQLException {
        return meters == null ? borrower.borrow() : measured(meters);
    }

    private Connection measured(CheckoutMeters told) throws SQLException {
        long start = System.nanoTime();
        try {
            Connection connection = borrower.borrow();
            told.acquired(System.nanoTime() - start);
            return connection;
        } catch (SQLTransientConnectionException e) {
            told.timedOut();
            throw e;
        }
    }

    /**
     * Waits until no cutover of the database is under way, according to the registry itself. For work that must not
     * start during a cutover, such as a migration: a change of the schema would undo the cutover. This doesn't protect
     * work that has already started.
     *
     * @param atMost how long to wait
     * @throws java.sql.SQLTransientConnectionException if a cutover is still under way then; the message names it and
     *     says what to do next
     * @throws SQLException if the thread was interrupted (its flag is set)
     */
    public void awaitNoCutover(Duration atMost) throws SQLException {
        cutover.await(atMost);
    }

    /** Not supported: credentials come from the settings. */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("credentials come from the registry's settings");
    }

    /** The current status: state, version, endpoint, staleness, what is wrong, the pool's figures. Never blocks. */
    public DataSourceStatus status() {
        return assembly.status();
    }

    /**
     * Notifies {@code listener} of every change of the status from now on, like a listener that was given to the
     * builder. A listener that is added twice is notified twice.
     */
    public void addListener(StatusListener listener) {
        assembly.addListener(listener);
    }

    /** Stops notifying {@code listener}; does nothing if it wasn't added. A call under way may still end after this. */
    public void removeListener(StatusListener listener) {
        assembly.removeListener(listener);
    }

    /**
     * Ends polling and borrowing, gives connections in use the {@linkplain RegistryDataSourceBuilder#closeGrace grace}
     * to be returned, ends the remaining ones on the server, reports that this instance has stopped, and leaves no
     * thread behind. Idempotent; takes bounded time; never throws.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeAll(watchers, null);
            assembly.close(closeGrace);
            closeAll(owned, null);
        }
    }

    private static void closeAll(List<AutoCloseable> resources, @Nullable Exception during) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                if (during == null) {
                    log().warn("Closing {} failed", resource, e);
                } else {
                    during.addSuppressed(e);
                }
            }
        }
    }

    /**
     * Not a constant: with a logging library that is too old, this class must still load so that it can report that.
     */
    private static org.slf4j.Logger log() {
        return CleanLogger.of(RegistryDataSource.class);
    }

    /**
     * Always 0, which in JDBC means no time-out: the connection time-out is in the settings, with the pool's other
     * time-outs.
     */
    @Override
    public int getLoginTimeout() {
        return 0;
    }

    /**
     * Ignored, with one line in the log if it isn't 0: the connection time-out is in the settings. Doesn't throw,
     * because frameworks call this on every data source.
     */
    @Override
    public void setLoginTimeout(int seconds) {
        if (seconds != 0) {
            ignored("setLoginTimeout(" + seconds + ")", "the connection timeout comes from the registry's settings");
        }
    }

    private void ignored(String call, String why) {
        if (saidWhatIsIgnored.compareAndSet(false, true)) {
            log().warn("{} is ignored: {}", call, why);
        }
    }

    /** Null: this data source logs through SLF4J. */
    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    /** Ignored, with one line in the log: this data source logs through SLF4J. */
    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        if (out != null) {
            ignored("setLogWriter", "this data source logs through SLF4J");
        }
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("this data source logs through SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (type == Borrower.class) { // for our JDBC driver
            return type.cast(borrower);
        }
        throw new SQLException("a RegistryDataSource does not wrap " + type.getName()
                + "; its pool changes with the settings, see status()");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    /** Name and state; no secret. */
    @Override
    public String toString() {
        DataSourceStatus now = status();
        return "RegistryDataSource[" + now.database() + " as " + now.service() + "/" + now.instance() + ", "
                + now.state() + ", version " + now.version() + "]";
    }
}
