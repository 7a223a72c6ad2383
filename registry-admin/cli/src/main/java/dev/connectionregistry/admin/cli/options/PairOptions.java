package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.settings.ServerPairFinder;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which database, where to, and who works on the two servers. */
public final class PairOptions {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "HOST:PORT[/NAME]",
            description = "the other server; the Postgres database's name stays if it is left out")
    private Converters.@Nullable EndpointText target;

    @Mixin
    private final ServiceLoginOptions services = new ServiceLoginOptions();

    @Mixin
    private @Nullable AdminOptions admins;

    public DatabaseName database() {
        return Objects.requireNonNull(database, "picocli requires it");
    }

    /** The other server as it was typed, without a secret. */
    public String targetText() {
        return Objects.requireNonNull(target, "picocli requires it").text();
    }

    /** The two servers, as {@link ServerPairFinder#of} finds them. */
    public ServerPair pair(ServerPairFinder pairs) {
        services.check();
        AdminOptions logins = Objects.requireNonNull(admins, "picocli makes it");
        return pairs.of(database(), this::targetSettings, logins.onSource(), logins.onTarget());
    }

    private ConnectionSettings targetSettings(ConnectionSettings sourceSettings) {
        return services.on(Objects.requireNonNull(target, "picocli requires it"), sourceSettings);
    }
}
