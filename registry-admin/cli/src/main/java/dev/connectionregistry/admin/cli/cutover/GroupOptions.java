package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.Converters.EndpointText;
import dev.connectionregistry.admin.cli.options.Converters.MappedName;
import dev.connectionregistry.admin.cli.options.Converters.ServerText;
import dev.connectionregistry.admin.cli.options.ServiceLoginOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.Moved;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.admin.settings.ServerFinder.Settled;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which names of the registry move together, and where each of them goes. */
final class GroupOptions {
    @Parameters(arity = "0..*", paramLabel = "DB", description = "the database; several move together: all or none")
    private List<DatabaseName> databases = new ArrayList<>();

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "instead of DB: every database that is on this server by its settings")
    private Optional<ServerText> server = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT[/NAME]",
            description = "the target; without NAME the Postgres database's name stays")
    private @Nullable EndpointText to;

    @Option(
            names = "--map",
            paramLabel = "DB=HOST:PORT[/NAME]",
            description =
                    "another target for one of several databases, such as a replica, or another name of the Postgres"
                            + " database; may be repeated")
    private List<MappedName> mapped = new ArrayList<>();

    @Mixin
    private final ServiceLoginOptions services = new ServiceLoginOptions();

    /** Whether the options name what moves. */
    boolean sayWhat() {
        return !databases.isEmpty() || server.isPresent();
    }

    /** Whether the options name a target. */
    boolean sayWhereTo() {
        return to != null;
    }

    /**
     * The names that move, in the given order. Only a server is looked up; names that may be on it are reported.
     *
     * @throws InvalidSettingsException naming the options that exclude each other
     */
    List<Moved> moved(ServerFinder servers, Console console) {
        services.check();
        if (!databases.isEmpty() && server.isPresent()) {
            throw new InvalidSettingsException(
                    "--server moves every database of a server: give it without DB, or DB without --server");
        }
        Set<DatabaseName> once = new HashSet<>();
        databases.stream().filter(name -> !once.add(name)).findFirst().ifPresent(name -> {
            throw new InvalidSettingsException("'" + name + "' is given twice");
        });
        List<DatabaseName> names = server.map(each -> settled(servers.settled(each.address()), console))
                .orElse(databases);
        Map<DatabaseName, EndpointText> targets = targets(names);
        if (names.size() > 1 && services.isGiven()) {
            throw new InvalidSettingsException("--username and --password-ref are for one database, and " + names.size()
                    + " would move: leave them out, and give each its role with set-credentials");
        }
        EndpointText usual = Objects.requireNonNull(to, "asked before");
        return names.stream()
                .map(name -> new Moved(name, settings -> services.on(targets.getOrDefault(name, usual), settings)))
                .toList();
    }

    private static List<DatabaseName> settled(Settled settled, Console console) {
        settled.leftOut().forEach(each -> console.warn(each.warning()));
        return settled.names();
    }

    private Map<DatabaseName, EndpointText> targets(List<DatabaseName> names) {
        for (MappedName each : mapped) {
            if (!names.contains(each.name())) {
                throw new InvalidSettingsException("--map " + each + ": '" + each.name() + "' would not move; "
                        + names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + " would");
            }
        }
        return MappedName.targets(mapped);
    }

    /** As {@link ServiceLoginOptions#warn}. */
    void warn(Console console) {
        services.warn(console);
    }
}
