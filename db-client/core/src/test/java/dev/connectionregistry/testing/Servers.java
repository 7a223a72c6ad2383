package dev.connectionregistry.testing;

import dev.connectionregistry.core.internal.secrets.EnvironmentSecrets;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** Real Postgres servers with the database {@code orders} and the role {@code app}, each started once for all tests. */
public final class Servers {
    /** The role's password; found by {@link #secrets} under {@code env:APP_PASSWORD}. */
    public static final String PASSWORD = "correct-horse-battery";

    private static final LocalPostgres FIRST = started(17);
    private static final LocalPostgres SECOND = started(18);

    private Servers() {}

    /** Few tests need it. */
    private static final class Oldest {
        private static final LocalPostgres SERVER = started(11);
    }

    private static LocalPostgres started(int major) {
        LocalPostgres server = LocalPostgres.start(major);
        prepare(server);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-postgres-" + major));
        return server;
    }

    /** Gives a server the database and the role. */
    public static void prepare(LocalPostgres server) {
        try {
            server.createDatabase("orders").createLogin("app", PASSWORD);
            server.execute(
                    "orders",
                    "CREATE TABLE writes (id text PRIMARY KEY, written_by int DEFAULT pg_backend_pid())",
                    "GRANT ALL ON writes TO app");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first server, version 17. */
    public static LocalPostgres first() {
        return FIRST;
    }

    /** The second server, version 18. */
    public static LocalPostgres second() {
        return SECOND;
    }

    /** The server of that version: 11, 17 or 18. */
    public static LocalPostgres of(int major) {
        return switch (major) {
            case 11 -> Oldest.SERVER;
            case 17 -> FIRST;
            case 18 -> SECOND;
            default -> throw new IllegalArgumentException("no server of version " + major);
        };
    }

    /** Where {@code orders} is on a server. */
    public static Endpoint endpoint(LocalPostgres server) {
        return new Endpoint("127.0.0.1", server.port(), "orders");
    }

    /** Settings for {@code orders} on a server: 8 connections, polled every 50 ms. */
    public static ConnectionSettings settings(LocalPostgres server) {
        return settings(endpoint(server));
    }

    /** Settings for an endpoint: 8 connections, polled every 50 ms. */
    public static ConnectionSettings settings(Endpoint endpoint) {
        return ConnectionSettings.of(endpoint, "app", SecretRef.parse("env:APP_PASSWORD"))
                .withPool(PoolSettings.DEFAULT.withMaximumSize(8).withMinimumIdle(2))
                .withPolling(Polling.every(Duration.ofMillis(50)));
    }

    /** Finds {@code env:APP_PASSWORD}, and a wrong one as {@code env:WRONG_PASSWORD}. */
    public static SecretResolver secrets() {
        return new EnvironmentSecrets(Map.of("APP_PASSWORD", PASSWORD, "WRONG_PASSWORD", "not-the-password"));
    }

    /** The major version of the server that a connection is on. */
    public static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** How many sessions the server shows with this application name. */
    public static int sessions(LocalPostgres server, String applicationName) {
        try (Connection connection = server.connect("orders");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + applicationName + "'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
