package dev.connectionregistry.internal.pool;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.ServerRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A separate connection for LISTEN on one channel, and for a session name that others can read. Nothing can be sent on
 * it while a thread waits for notifications, because the driver holds its lock. For one thread, except {@link #abort}.
 */
public final class NotificationChannel {
    /** Every answer must come within this time, or the connection is given up. */
    private static final String ANSWER_SECONDS = "5";

    private static final int ALIVE_SECONDS = 2;

    private final Connection connection;
    private final PGConnection postgres;
    private final String channel;
    private final String firstName;
    private final AtomicBoolean aborted = new AtomicBoolean();

    private NotificationChannel(Connection connection, PGConnection postgres, String channel) throws SQLException {
        this.connection = connection;
        this.postgres = postgres;
        this.channel = channel;
        this.firstName = Objects.requireNonNullElse(connection.getClientInfo("ApplicationName"), "");
    }

    /**
     * Opens a connection; if there are several hosts, to the primary, since a standby has no notifications. Bounded by
     * the connector's bounds and some seconds for each answer.
     *
     * @return the connection, which the caller must {@link #abort}; null if its driver doesn't support notifications
     * @throws SQLException if it can't be opened
     */
    public static @Nullable NotificationChannel open(Connector connector, ConnectionSettings settings, String channel)
            throws SQLException {
        Connection connection = connector.openFencedToo(impatient(settings)).connection();
        try {
            if (connection.isWrapperFor(PGConnection.class)) {
                return new NotificationChannel(connection, connection.unwrap(PGConnection.class), channel);
            }
        } catch (SQLException | RuntimeException e) {
            PostgresConnector.closeQuietly(connection);
            throw e;
        }
        PostgresConnector.closeQuietly(connection);
        return null;
    }

    private static ConnectionSettings impatient(ConnectionSettings settings) {
        Map<String, String> properties = new TreeMap<>(settings.properties());
        properties.put("socketTimeout", ANSWER_SECONDS);
        boolean alone = settings.endpoint().hosts().size() == 1; // then its role doesn't matter
        return settings.withRole(alone ? ServerRole.ANY : ServerRole.PRIMARY).withProperties(properties);
    }

    /** Subscribes to notifications. */
    public void listen() throws SQLException {
        run("LISTEN " + identifier());
    }

    /** Gives the session this name, which everyone who may log in to the server can see. */
    public void rename(String applicationName) throws SQLException {
        run("SET application_name = '" + applicationName.replace("'", "''") + "'");
    }

    /** Restores the session's original name. */
    public void unname() throws SQLException {
        rename(firstName);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String identifier() {
        return '"' + channel.replace("\"", "\"\"") + '"';
    }

    /**
     * Waits for notifications.
     *
     * @param atMost the longest wait; at least a millisecond
     * @return their texts, in order; empty if none came
     * @throws SQLException if the connection broke, or was aborted
     */
    public List<String> await(Duration atMost) throws SQLException {
        return Arrays.stream(postgres.getNotifications(Math.max(1, (int) atMost.toMillis())))
                .map(PGNotification::getParameter)
                .toList();
    }

    /** Whether the server answers, within some seconds. */
    public boolean isAlive() throws SQLException {
        return connection.isValid(ALIVE_SECONDS);
    }

    /**
     * Closes the connection at once, even while another thread waits on it, and whatever the server does. Idempotent.
     */
    public void abort() {
        if (aborted.compareAndSet(false, true)) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                PostgresConnector.closeQuietly(connection);
            }
        }
    }
}
