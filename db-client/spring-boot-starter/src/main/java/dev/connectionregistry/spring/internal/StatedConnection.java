package dev.connectionregistry.spring.internal;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.spring.DatabaseProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * The content of a {@code JdbcConnectionDetails} bean: the server of a test's container, or of Docker Compose. A
 * registry in memory with this connection replaces the real one. Immutable; {@code toString} shows no secret.
 */
public final class StatedConnection implements SecretResolver {
    private static final String POSTGRES = "jdbc:postgresql:";
    private static final String SCHEME = "x-jdbc-connection-details";
    /** Server and role are stated elsewhere; the logger's properties, which Testcontainers sets, have no effect. */
    private static final Set<String> NOT_OF_THE_SETTINGS =
            Set.of("PGHOST", "PGPORT", "PGDBNAME", "user", "password", "ApplicationName", "loggerLevel", "loggerFile");

    private final ConnectionSettings settings;
    private final String password;

    /** Finds the connection; empty if there is no such bean. The bean's type differs between Spring Boot 3 and 4. */
    @FunctionalInterface
    public interface Source extends Supplier<Optional<StatedConnection>> {}

    private StatedConnection(ConnectionSettings settings, String password) {
        this.settings = settings;
        this.password = password;
    }

    /**
     * Reads the details.
     *
     * @throws InvalidSettingsException if they don't describe a Postgres server
     */
    public static StatedConnection of(String url, @Nullable String username, @Nullable String password) {
        Properties parsed = url.startsWith(POSTGRES) ? Driver.parseURL(url, null) : null;
        String role = username != null || parsed == null ? username : parsed.getProperty("user");
        if (parsed == null || role == null) {
            throw new InvalidSettingsException("the JdbcConnectionDetails bean names " + url.replaceFirst("[?].*", "")
                    + " as " + role + "; the data source needs a " + POSTGRES
                    + " URL and a role. To use Spring Boot's own"
                    + " data source, set " + DatabaseProperties.PREFIX + ".enabled=false");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        parsed.stringPropertyNames().stream()
                .filter(name -> !NOT_OF_THE_SETTINGS.contains(name))
                .forEach(name -> properties.put(name, parsed.getProperty(name)));
        String[] hosts = parsed.getProperty("PGHOST").split(",", -1);
        String[] ports = parsed.getProperty("PGPORT").split(",", -1);
        StringBuilder endpoint = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            endpoint.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[i]);
        }
        endpoint.append('/').append(parsed.getProperty("PGDBNAME"));
        return new StatedConnection(
                ConnectionSettings.of(Endpoint.parse(endpoint.toString()), role, new SecretRef(SCHEME, "password"))
                        .withProperties(properties),
                password == null ? "" : password);
    }

    /** A registry that has only these settings, for this database. */
    InMemoryRegistry registry(String database) {
        InMemoryRegistry registry = new InMemoryRegistry();
        registry.put(database, settings);
        return registry;
    }

    /** Driver properties, which are allowed because the details have them. */
    Map<String, String> properties() {
        return settings.properties();
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Secret resolve(SecretRequest request) {
        return new Secret(password);
    }

    /** The server and the role. */
    @Override
    public String toString() {
        return settings.endpoint() + " as " + settings.username();
    }
}
