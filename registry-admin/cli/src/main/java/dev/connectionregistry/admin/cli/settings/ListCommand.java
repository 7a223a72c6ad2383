package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.fleet.FleetHealth;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryAdministration.Listed;
import jakarta.inject.Inject;
import picocli.CommandLine.Command;

/** Shows all databases. */
@Command(
        name = "list",
        description = {
            "Shows all databases, one in a line, with how many instances live and whether any of them has a problem; status DB"
                    + " tells which.",
        },
        footer = {"", "Examples:", "  registry-admin list", "  registry-admin list --output json"})
public final class ListCommand implements Runnable {
    private final RegistryAdministration registry;
    private final FleetHealth health;
    private final Results results;

    @Inject
    ListCommand(RegistryAdministration registry, FleetHealth health, Results results) {
        this.registry = registry;
        this.health = health;
        this.results = results;
    }

    @Override
    public void run() {
        ItemsRead<Listed> read = registry.readList();
        results.list(read, health.of(read.items().stream().map(Listed::database).toList()));
    }
}
