package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows who changed a database, when and why. */
@Command(
        name = "history",
        description =
                "Shows the versions of a database, newest first: who wrote them, when and why, and what they changed.",
        footer = {"", "Example:", "  registry-admin history orders --limit 5"})
public final class HistoryCommand implements Runnable {
    private static final int LARGEST_LIMIT = 10_000;

    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--limit", paramLabel = "N", description = "the largest number of versions (20; 1 to 10000)")
    private int limit = 20;

    private final RegistryAdministration registry;
    private final SettingsReader reader;
    private final Results results;

    @Inject
    HistoryCommand(RegistryAdministration registry, SettingsReader reader, Results results) {
        this.registry = registry;
        this.reader = reader;
        this.results = results;
    }

    @Override
    public void run() {
        if (limit < 1 || limit > LARGEST_LIMIT) {
            throw new InvalidSettingsException("--limit is " + limit + "; it must be 1 to " + LARGEST_LIMIT);
        }
        DatabaseName name = Objects.requireNonNull(database);
        ItemsRead<VersionedSettings> read = registry.readHistory(name, limit + 1);
        boolean nothing = read.items().isEmpty() && read.unreadable().isEmpty();
        results.history(
                HistoryEntry.of(nothing ? List.of(reader.current(name)) : read.items(), limit), read.unreadable());
    }
}
