package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.Credentials;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The login of the subscribing server on the other one. */
final class SubscriberOptions {
    @Option(
            names = "--replication-username",
            paramLabel = "U",
            description = "the role with which the target logs in to the source (default: the administrator's)")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--replication-password-ref",
            paramLabel = "REF",
            description =
                    "the reference to its password on this machine: env:NAME, file:/path, secretsmanager:NAME; the"
                            + " target keeps a copy in pg_subscription, which only superusers may read")
    private Optional<SecretRef> password = Optional.empty();

    @Option(
            names = "--source-host",
            paramLabel = "HOST:PORT",
            description = "the source's address for the target, if it differs from this program's")
    private Converters.@Nullable EndpointText host;

    @Option(
            names = "--connection-option",
            paramLabel = "K=V",
            description = "a parameter of libpq for that login, such as sslmode=verify-full, or passfile=/path on the"
                    + " target's machine, which keeps the password out of the database; may be repeated")
    private List<Converters.DriverProperty> options = new ArrayList<>();

    /** The login, if {@code admin} works on the server that is logged in to. */
    SubscriberLogin login(ServerLogin admin, Console console) {
        Credentials.check(username, password);
        Map<String, String> given = new TreeMap<>();
        options.forEach(each -> given.put(each.name(), each.value()));
        Endpoint seen =
                host == null ? admin.endpoint() : host.resolve(admin.endpoint().databaseName());
        SubscriberLogin login = new SubscriberLogin(
                new ServerLogin(
                        seen, username.orElse(admin.username()), password.orElse(admin.password()), admin.properties()),
                given);
        if (password.isEmpty() && !login.hasPassfile() && username.isPresent()) {
            console.warn("--replication-username has no --replication-password-ref: the password of " + admin.username()
                    + " is used for it");
        }
        return login;
    }
}
