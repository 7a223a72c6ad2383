package dev.connectionregistry.internal.pool;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.SecretRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Logs in as a role other than that of the settings. Only the login differs: the settings that are read, kept, reported
 * and announced are those in the registry, so that this instance takes part in moves and cutovers like every other one.
 * Thread-safe.
 *
 * @param connector opens the connections
 * @param username the role
 * @param password where its password is kept
 */
public record LoginAs(Connector connector, String username, SecretRef password) implements Connector {
    private ConnectionSettings own(ConnectionSettings settings) {
        return settings.withCredentials(username, password);
    }

    @Override
    public Connection open(ConnectionSettings settings) throws SQLException {
        return connector.open(own(settings));
    }

    @Override
    public Reached openWritable(ConnectionSettings settings) throws SQLException {
        return connector.openWritable(own(settings));
    }

    @Override
    public Reached openFencedToo(ConnectionSettings settings) throws SQLException {
        return connector.openFencedToo(own(settings));
    }

    @Override
    public long passwordChanges(ConnectionSettings settings) {
        return connector.passwordChanges(own(settings));
    }

    @Override
    public Ended end(ConnectionSettings settings, Collection<Connection> connections) {
        return connector.end(own(settings), connections);
    }
}
