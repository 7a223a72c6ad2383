package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.options.Converters.ServerText;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.admin.settings.ServerFinder.LeftOut;
import dev.connectionregistry.admin.settings.ServerPairFinder;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The database or the server, the target, and the roles that work on the two servers. See {@link EachPair}. */
public final class PairOptions {
    @Parameters(arity = "0..1", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "instead of DB: each Postgres database that names of the registry have on this server")
    private Optional<ServerText> server = Optional.empty();

    @Option(
            names = "--target",
            required = true,
            paramLabel = "HOST:PORT[/NAME]",
            description = "the other server; without NAME the Postgres database's name stays")
    private Converters.@Nullable EndpointText target;

    @Mixin
    private final ServiceLoginOptions services = new ServiceLoginOptions();

    @Mixin
    private @Nullable AdminOptions admins;

    /** Whether a server was given instead of a database. */
    public boolean areOfServer() {
        return server.isPresent();
    }

    /**
     * Fails if an option for one database is used together with a server.
     *
     * @param instead what the operator can do
     */
    public void requireOneFor(String option, boolean given, String instead) {
        if (given && areOfServer()) {
            throw new InvalidSettingsException(option + " is for one database: " + instead);
        }
    }

    /** Fails unless exactly one of the two is given. */
    public static void requireOne(@Nullable DatabaseName database, Optional<ServerText> server) {
        if (database == null && server.isEmpty()) {
            throw new InvalidSettingsException("name the database, or the server: DB, or --server HOST:PORT");
        }
        if (database != null && server.isPresent()) {
            throw new InvalidSettingsException(
                    "--server means all databases of a server: leave out --server, or '" + database + "'");
        }
    }

    /** The other server as typed, without a secret. */
    public String targetText() {
        return Objects.requireNonNull(target, "picocli requires it").text();
    }

    /**
     * The pairs of servers, as {@link ServerPairFinder#of} finds them: of the database, or of each Postgres database of
     * the server, by the first of its names.
     *
     * @throws InvalidSettingsException naming the options that exclude each other
     */
    ServerPairs pairs(ServerPairFinder pairs, ServerFinder servers) {
        services.check();
        DatabaseName name = database;
        requireOne(name, server);
        if (name != null) {
            return new ServerPairs(List.of(pair(name, pairs)), List.of());
        }
        requireOneFor("--username or --password-ref", services.isGiven(), "give DB, not --server");
        requireOneFor("a Postgres database in --target", targetText().indexOf('/') >= 0, "leave it out with --server");
        ServerFinder.Settled settled = servers.settled(server.orElseThrow().address());
        return new ServerPairs(
                settled.leads().stream()
                        .map(lead -> pair(lead, pairs).together(settled.names()))
                        .toList(),
                settled.leftOut());
    }

    /** The pair of servers for each Postgres database, and the names that may be on the server. */
    record ServerPairs(List<ServerPair> all, List<LeftOut> leftOut) {}

    private ServerPair pair(DatabaseName name, ServerPairFinder pairs) {
        AdminOptions logins = Objects.requireNonNull(admins, "picocli makes it");
        return pairs.of(name, this::targetSettings, logins.onSource(), logins.onTarget());
    }

    private ConnectionSettings targetSettings(ConnectionSettings sourceSettings) {
        return services.on(Objects.requireNonNull(target, "picocli requires it"), sourceSettings);
    }
}
