package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.registry.RegistryAdministration;
import jakarta.inject.Inject;
import picocli.CommandLine.Command;

/** Shows all databases. */
@Command(
        name = "list",
        description = "Shows all databases, one in a line.",
        footer = {"", "Examples:", "  registry-admin list", "  registry-admin list --output json"})
public final class ListCommand implements Runnable {
    private final RegistryAdministration registry;
    private final Results results;

    @Inject
    ListCommand(RegistryAdministration registry, Results results) {
        this.registry = registry;
        this.results = results;
    }

    @Override
    public void run() {
        results.list(registry.readList());
    }
}
