package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.Converters.ServerText;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.fleet.FleetHealth;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryAdministration.Listed;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows all databases. */
@Command(
        name = "list",
        description = {
            "Shows all databases, one per line, with the number of live instances and whether any has a problem; status"
                    + " DB shows which.",
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin list",
            "  registry-admin list --server db1.internal:5432 --output json"
        })
public final class ListCommand implements Runnable {
    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "only those that are on this server, by their settings or by a live instance")
    private Optional<ServerText> server = Optional.empty();

    private final RegistryAdministration registry;
    private final FleetHealth health;
    private final ServerFinder servers;
    private final Results results;
    private final Console console;

    @Inject
    ListCommand(
            RegistryAdministration registry,
            FleetHealth health,
            ServerFinder servers,
            Results results,
            Console console) {
        this.servers = servers;
        this.registry = registry;
        this.health = health;
        this.results = results;
        this.console = console;
    }

    @Override
    public void run() {
        ItemsRead<Listed> read = server.map(this::on).orElseGet(registry::readList);
        results.list(read, health.of(read.items().stream().map(Listed::database).toList()));
    }

    private ItemsRead<Listed> on(ServerText wanted) {
        ServerFinder.FleetsOnServer found = servers.at(wanted.address());
        found.leftOut().forEach(each -> console.warn(each.warning()));
        return new ItemsRead<>(
                found.fleets().stream()
                        .map(fleet -> new Listed(fleet.name(), new ReadResult.Found(fleet.settings())))
                        .toList(),
                List.of());
    }
}
