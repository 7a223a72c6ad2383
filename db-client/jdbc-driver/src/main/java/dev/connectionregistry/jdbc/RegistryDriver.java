package dev.connectionregistry.jdbc;

import dev.connectionregistry.core.internal.follow.ClientVersion;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.status.DataSourceStatus;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The driver of {@code jdbc:registry:DATABASE?service=NAME}: connections that follow the settings in the registry (docs/jdbc-driver.md).
 *
 * <p>All connections of one URL, within one class loader, share one data source, which is closed when the driver is deregistered from
 * {@link DriverManager}. Thread-safe.
 */
public final class RegistryDriver implements Driver {
    private static final org.slf4j.Logger LOG = CleanLogger.of(RegistryDriver.class);
    private static final Map<DriverUrl, SharedDataSource> SHARED = new ConcurrentHashMap<>();
    /** The data sources by the text of URLs without properties, so that a URL isn't parsed again. */
    private static final Map<String, SharedDataSource> BY_URL = new ConcurrentHashMap<>();

    private static final AtomicBoolean SAID_WHAT_IS_IGNORED = new AtomicBoolean();
    private static volatile boolean deregistered;

    static {
        try {
            register();
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Registers the driver with {@link DriverManager}. Loading this class does that by itself, so call this only after
     * the driver was deregistered.
     *
     * @throws SQLException if that isn't allowed
     */
    public static void register() throws SQLException {
        deregistered = false;
        DriverManager.registerDriver(new RegistryDriver(), RegistryDriver::close);
    }

    /** For the service loader, and for pools that are given the class's name. */
    public RegistryDriver() {}

    /**
     * Opens a connection; null for the URL of another driver. The first one starts the data source, which takes as long as
     * {@code RegistryDataSourceBuilder.build()} may.
     *
     * @throws SQLException if the URL is wrong, or no connection is available; the message says what to do
     */
    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        if (!DriverUrl.isOurs(url)) {
            return null;
        }
        boolean alone =
                info == null || (info.isEmpty() && info.stringPropertyNames().isEmpty());
        SharedDataSource known = alone ? BY_URL.get(url) : null;
        if (known != null) {
            return known.connect();
        }
        Properties properties = info == null ? new Properties() : info;
        warnOfIgnored(properties);
        SharedDataSource shared = shared(parsed(url, properties));
        Connection connection = shared.connect();
        if (alone) {
            BY_URL.put(url, shared);
            if (deregistered) { // deregistered meanwhile
                BY_URL.remove(url);
            }
        }
        return connection;
    }

    private static void warnOfIgnored(Properties properties) {
        String ignored = DriverUrl.ignored(properties);
        if (!ignored.isEmpty() && SAID_WHAT_IS_IGNORED.compareAndSet(false, true)) {
            LOG.warn(
                    "These connection properties have no effect, since role, password and driver properties come from the registry's"
                            + " settings: {}",
                    ignored);
        }
    }

    private static DriverUrl parsed(String url, Properties properties) throws SQLException {
        try {
            return DriverUrl.parse(url, properties);
        } catch (InvalidSettingsException e) {
            throw new SQLNonTransientConnectionException("the URL can't be used: " + e.getMessage(), "08001", e);
        }
    }

    private static SharedDataSource shared(DriverUrl url) throws SQLException {
        if (deregistered) {
            throw deregistered();
        }
        SharedDataSource shared = SHARED.computeIfAbsent(url, key -> new SharedDataSource(key, System.getenv()));
        if (deregistered) { // deregistered meanwhile; the thread that removes the data source closes it
            close();
            throw deregistered();
        }
        return shared;
    }

    static SQLException deregistered() {
        return new SQLNonTransientConnectionException(
                "the driver of " + DriverUrl.PREFIX + " was deregistered, so its data sources are closed", "08003");
    }

    private static void close() {
        deregistered = true;
        BY_URL.clear();
        for (DriverUrl url : List.copyOf(SHARED.keySet())) {
            SharedDataSource shared = SHARED.remove(url);
            if (shared != null) {
                shared.close();
            }
        }
    }

    /** The current status of each data source that connections share, for tests and for inspecting a process. */
    public static List<DataSourceStatus> statuses() {
        return SHARED.values().stream()
                .map(SharedDataSource::status)
                .filter(Objects::nonNull)
                .map(DataSourceStatus.class::cast)
                .toList();
    }

    @Override
    public boolean acceptsURL(@Nullable String url) {
        return DriverUrl.isOurs(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
        return Arrays.stream(DriverUrl.Parameter.values())
                .map(parameter -> {
                    DriverPropertyInfo property = new DriverPropertyInfo(
                            parameter.text, info == null ? null : info.getProperty(parameter.text));
                    property.description = parameter.meaning;
                    return property;
                })
                .toArray(DriverPropertyInfo[]::new);
    }

    @Override
    public int getMajorVersion() {
        return version(0);
    }

    @Override
    public int getMinorVersion() {
        return version(1);
    }

    private static int version(int part) {
        String[] parts = ClientVersion.NUMBER.split("[.-]", -1);
        return parts.length > part && parts[part].matches("\\d{1,6}") ? Integer.parseInt(parts[part]) : 0;
    }

    /** False, like the Postgres driver's own answer. */
    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("this driver logs through SLF4J");
    }
}
