package dev.connectionregistry.admin.server;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.Map;

/**
 * Who logs in where. Immutable; holds no password, only where to find it.
 *
 * @param endpoint the server and the Postgres database on it
 * @param username the role
 * @param password where its password is
 * @param properties further properties of the driver, such as {@code sslmode}
 */
public record ServerLogin(Endpoint endpoint, String username, SecretRef password, Map<String, String> properties) {
    public ServerLogin {
        properties = Map.copyOf(properties);
    }

    /** The login of the services. */
    public static ServerLogin of(ConnectionSettings settings) {
        return new ServerLogin(settings.endpoint(), settings.username(), settings.password(), settings.properties());
    }

    /** {@code role at host:port/name}. */
    @Override
    public String toString() {
        return username + " at " + endpoint;
    }
}
