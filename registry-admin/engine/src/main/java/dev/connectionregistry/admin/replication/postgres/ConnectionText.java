package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes libpq's connection strings, with the password in them. Its result must not appear in any statement or message.
 */
final class ConnectionText {
    /** A server that doesn't answer must not hold up a statement for minutes. */
    private static final String CONNECT_SECONDS = "10";

    /** Earlier versions recognise a primary only by its accepting writes, so they don't find one that is fenced. */
    private static final int FIRST_THAT_ASKS_FOR_RECOVERY = 14;

    private final Function<ServerLogin, Login> logins;
    private final int major;

    /**
     * Writes the strings that a server's subscriptions need.
     *
     * @param major the major version of the subscribing server, whose libpq reads the text
     */
    ConnectionText(Function<ServerLogin, Login> logins, int major) {
        this.logins = logins;
        this.major = major;
    }

    /**
     * The connection string.
     *
     * @throws ServerException if the password can't be found, saying where it was looked for
     */
    String of(SubscriberLogin subscriber) throws ServerException {
        ServerLogin login = subscriber.login();
        Endpoint endpoint = login.endpoint();
        Map<String, String> words = new LinkedHashMap<>();
        words.put("host", joined(endpoint, Host::name));
        words.put("port", joined(endpoint, host -> Integer.toString(host.port())));
        if (endpoint.hosts().size() > 1) {
            words.put("target_session_attrs", major >= FIRST_THAT_ASKS_FOR_RECOVERY ? "primary" : "read-write");
        }
        words.put("dbname", endpoint.databaseName());
        words.put("user", login.username());
        if (!subscriber.hasPassfile()) {
            words.put("password", password(login));
        }
        words.put("connect_timeout", CONNECT_SECONDS);
        String mode = login.properties().get("sslmode");
        if (mode != null) {
            words.put("sslmode", mode);
        }
        words.putAll(subscriber.options());
        return words.entrySet().stream().map(ConnectionText::word).collect(Collectors.joining(" "));
    }

    private static String joined(Endpoint endpoint, Function<Host, String> part) {
        return endpoint.hosts().stream().map(part).collect(Collectors.joining(","));
    }

    private String password(ServerLogin login) throws ServerException {
        try {
            return logins.apply(login).password().get().reveal();
        } catch (SecretException e) {
            throw new ServerException(
                    Kind.REFUSED, "the password for the subscription can't be found: " + e.getMessage(), e);
        }
    }

    private static String word(Entry<String, String> entry) {
        return entry.getKey() + "='" + entry.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
