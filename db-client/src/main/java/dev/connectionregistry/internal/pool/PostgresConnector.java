package dev.connectionregistry.internal.pool;

import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolvers;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.ServerRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Connections to Postgres. Every step of opening one is bounded: TCP by {@code connectTimeout}, the handshake and the
 * validation by a socket time-out that is put back afterwards to what the settings ask for. Thread-safe.
 */
public final class PostgresConnector implements Connector {
    private static final int CONNECT_SECONDS = 5;
    private static final int CANCEL_SECONDS = 2;

    private final Driver driver = new Driver();
    private final SecretResolvers secrets;
    private final String applicationName;

    /**
     * Connections that log in with passwords from {@code secrets}.
     *
     * @param applicationName what the server shows in {@code pg_stat_activity}
     */
    public PostgresConnector(SecretResolvers secrets, String applicationName) {
        this.secrets = secrets;
        this.applicationName = applicationName;
    }

    @Override
    public Connection open(ConnectionSettings settings) throws SQLException {
        Connection connection = connect(settings);
        try {
            validate(connection, settings);
            connection.setNetworkTimeout(Runnable::run, socketTimeoutMillis(settings));
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private Connection connect(ConnectionSettings settings) throws SQLException {
        Endpoint endpoint = settings.endpoint();
        Properties properties = new Properties();
        properties.put("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.put("tcpKeepAlive", "true");
        properties.put("cancelSignalTimeout", String.valueOf(CANCEL_SECONDS));
        properties.putAll(settings.properties());
        properties.put("socketTimeout", String.valueOf(CONNECT_SECONDS));
        properties.put("loginTimeout", "0"); // a time to log in would cost a thread for each connection
        properties.put("ApplicationName", applicationName);
        properties.put("user", settings.username());
        properties.put("password", password(settings));
        try {
            Connection connection = driver.connect(url(endpoint), properties);
            if (connection == null) {
                throw new SQLNonTransientConnectionException("the driver refused the URL of " + endpoint, "08001");
            }
            return connection;
        } catch (SQLException e) {
            throw new SQLNonTransientConnectionException(
                    "can't connect to " + endpoint + " as " + settings.username() + ": " + withRootCause(e),
                    e.getSQLState(),
                    e);
        }
    }

    /** The driver's message, and what the network said where the driver only says that something failed. */
    private static String withRootCause(SQLException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        return root == failure || message.contains(String.valueOf(root.getMessage()))
                ? message
                : message + " (" + root.getClass().getSimpleName() + ": " + root.getMessage() + ")";
    }

    private String password(ConnectionSettings settings) throws SQLException {
        try {
            return secrets.resolve(new SecretRequest(settings.password(), settings.endpoint(), settings.username()))
                    .reveal();
        } catch (SecretException e) {
            throw new SQLNonTransientConnectionException(String.valueOf(e.getMessage()), "28000", e);
        }
    }

    private static String url(Endpoint endpoint) {
        String host = endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host();
        return "jdbc:postgresql://" + host + ":" + endpoint.port() + "/"
                + URLEncoder.encode(endpoint.databaseName(), StandardCharsets.UTF_8);
    }

    /** The settings' own {@code socketTimeout}, in milliseconds; without one statements may take as long as they like. */
    private static int socketTimeoutMillis(ConnectionSettings settings) {
        String seconds = settings.properties().get("socketTimeout");
        return seconds == null ? 0 : Math.multiplyExact(Integer.parseInt(seconds), 1000);
    }

    private static void validate(Connection connection, ConnectionSettings settings) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')")) {
            row.next();
            if (settings.role() == ServerRole.ANY) {
                return;
            }
            String refusal = refusal(row.getBoolean(1), row.getString(2));
            if (refusal != null) {
                throw new SQLNonTransientConnectionException(
                        settings.endpoint() + " " + refusal + "; the settings want a primary", "25006");
            }
        }
    }

    private static @Nullable String refusal(boolean inRecovery, String readOnly) {
        if (inRecovery) {
            return "is in recovery (a standby)";
        }
        return readOnly.equals("on") ? "is read-only" : null;
    }

    @Override
    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
        return new ServerSideEnd(this, settings).end(connections);
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing more can be done for a connection that is being thrown away
        }
    }
}
