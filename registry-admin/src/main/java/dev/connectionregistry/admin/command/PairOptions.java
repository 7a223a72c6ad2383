package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.operation.Pairs;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.SecretRef;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which database, where to, and who works on the two servers. */
final class PairOptions {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "HOST:PORT[/NAME]",
            description = "the other server; the Postgres database's name stays if it is left out")
    private Converters.@Nullable EndpointText target;

    @Option(names = "--username", paramLabel = "U", description = "another role for the services to log in as there")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--password-ref",
            paramLabel = "REF",
            description = "another place of its password: " + Credentials.FORMS)
    private Optional<SecretRef> password = Optional.empty();

    @Mixin
    private final AdminOptions admins = new AdminOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // refuses by being there
    private final NoLiteralPassword literal = new NoLiteralPassword();

    DatabaseName database() {
        return Objects.requireNonNull(database, "picocli requires it");
    }

    /** The two servers, as {@link Pairs#of} finds them. */
    ServerPair pair(Pairs pairs) {
        Credentials.check(username, password);
        return pairs.of(database(), this::intended, admins.onOld(), admins.onNew());
    }

    private ConnectionSettings intended(ConnectionSettings present) {
        Converters.EndpointText endpoint = Objects.requireNonNull(target, "picocli requires it");
        return Credentials.apply(
                present.withEndpoint(endpoint.resolve(present.endpoint().databaseName())), username, password);
    }
}
