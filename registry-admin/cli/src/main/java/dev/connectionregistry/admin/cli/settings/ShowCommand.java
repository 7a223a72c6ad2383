package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the settings of one database. */
@Command(
        name = "show",
        description = "Shows the settings of a database, the current ones or those of an earlier version.",
        footer = {"", "Examples:", "  registry-admin show orders", "  registry-admin show orders --version 3"})
public final class ShowCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--version", paramLabel = "N", description = "an earlier version")
    private Optional<Long> version = Optional.empty();

    private final SettingsReader reader;
    private final Results results;

    @Inject
    ShowCommand(SettingsReader reader, Results results) {
        this.reader = reader;
        this.results = results;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        results.settings(version.isPresent() ? reader.version(name, version.get()) : reader.current(name));
    }
}
