package dev.connectionregistry.internal.pool;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.ServerRole;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGConnection;
import org.slf4j.Logger;

/**
 * Ends what connections are doing on a Postgres server: cancels their statements, waits for the callers to return the
 * connections, terminates the remaining sessions, and checks until they are gone. For one use by one thread.
 */
final class BackendTerminator {
    private static final Logger LOG = CleanLogger.of(BackendTerminator.class);
    /** For cancelling all statements together: with an unreachable server, each attempt waits for its own time-out. */
    private static final Duration CANCEL = Duration.ofSeconds(3);

    private static final Duration GIVE_BACK = Duration.ofSeconds(1);
    private static final Duration GO_AWAY = Duration.ofSeconds(3);
    private static final String STATEMENT_SECONDS = "5";

    private final Connector connector;
    private final ConnectionSettings settings;

    BackendTerminator(Connector connector, ConnectionSettings settings) {
        this.connector = connector;
        this.settings = forEnding(settings);
    }

    /** A fenced or demoted server refuses writes, but still ends sessions; a server that hangs must not delay us. */
    private static ConnectionSettings forEnding(ConnectionSettings settings) {
        Map<String, String> properties = new TreeMap<>(settings.properties());
        properties.put("socketTimeout", STATEMENT_SECONDS);
        return settings.withRole(ServerRole.ANY).withProperties(properties);
    }

    Connector.Ended end(Collection<Connection> connections) {
        Map<Integer, Connection> byBackend = new TreeMap<>();
        List<Connection> unknown = new ArrayList<>();
        long deadline = System.nanoTime() + CANCEL.toNanos();
        for (Connection connection : connections) {
            try {
                PGConnection postgres = connection.unwrap(PGConnection.class);
                byBackend.put(postgres.getBackendPID(), connection);
                if (deadline - System.nanoTime() > 0) {
                    postgres.cancelQuery();
                }
            } catch (SQLException e) {
                LOG.debug("Cancelling a statement at {} failed", settings.endpoint(), e);
                unknown.add(connection);
            }
        }
        unknown.removeAll(byBackend.values());
        BoundedWait.until(GIVE_BACK, () -> byBackend.values().stream().allMatch(BackendTerminator::isClosed));
        int before = byBackend.size();
        byBackend.values().removeIf(BackendTerminator::isClosed);
        int cancelled = before - byBackend.size();
        if (byBackend.isEmpty()) {
            return new Connector.Ended(cancelled, 0, unknown.size());
        }
        int left = terminate(byBackend.keySet());
        return new Connector.Ended(cancelled, byBackend.size() - left, left + unknown.size());
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Terminates the sessions and returns how many couldn't be proven gone. The server's name may lead to another
     * server by now, where other sessions have these process ids: so only sessions with this instance's own application
     * name are terminated, and sessions that aren't found don't count as gone.
     */
    private int terminate(Collection<Integer> backends) {
        try (Connection connection = connector.open(settings)) {
            Array pids = connection.createArrayOf("int4", backends.toArray());
            int found = run(connection, """
                    SELECT count(pg_catalog.pg_terminate_backend(pid))
                    FROM pg_catalog.pg_stat_activity
                    WHERE pid = ANY (?)
                      AND usename = current_user
                      AND application_name = pg_catalog.current_setting('application_name')
                    """, pids);
            int[] left = {found};
            BoundedWait.until(GO_AWAY, () -> {
                left[0] = Math.min(found, stillThere(connection, pids, left[0]));
                return left[0] == 0;
            });
            return backends.size() - found + left[0];
        } catch (SQLException e) {
            LOG.warn(
                    "{} session(s) at {} could not be terminated ({}); the outcome of their work is in doubt",
                    backends.size(),
                    settings.endpoint(),
                    e.getMessage());
            return backends.size();
        }
    }

    private static int stillThere(Connection connection, Array pids, int otherwise) {
        try {
            return run(connection, "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE pid = ANY (?)", pids);
        } catch (SQLException e) {
            LOG.debug("Looking for terminated sessions failed", e);
            return otherwise;
        }
    }

    private static int run(Connection connection, String sql, Array pids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, pids);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
