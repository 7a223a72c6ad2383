package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.registry.RegistryAdministration;
import jakarta.inject.Inject;
import java.util.Map;
import picocli.CommandLine.Command;

/** Creates the table. */
@Command(
        name = "init",
        description = "Creates the registry's table if there is none. Safe to repeat.",
        footer = {"", "Example:", "  registry-admin init --table connection-registry --region eu-west-1"})
public final class InitCommand implements Runnable {
    private final RegistryAdministration registry;
    private final Console console;

    @Inject
    InitCommand(RegistryAdministration registry, Console console) {
        this.registry = registry;
        this.console = console;
    }

    @Override
    public void run() {
        boolean created = registry.createTable();
        if (console.json()) {
            console.printJson(Map.of("created", created, "registry", registry.describe()));
        } else {
            console.print(registry.describe() + (created ? ": created" : ": already exists"));
        }
    }
}
