package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.settings.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes libpq's connection strings, with the password in them. What it returns must be in no statement and no message. */
final class ConnectionText {
    /** A server that doesn't answer must not hold up a statement for minutes. */
    private static final String CONNECT_SECONDS = "10";

    private final Function<ServerLogin, Login> logins;

    ConnectionText(Function<ServerLogin, Login> logins) {
        this.logins = logins;
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
        words.put("host", endpoint.host());
        words.put("port", Integer.toString(endpoint.port()));
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
