package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.FileProblems;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the settings of one database as JSON. */
@Command(
        name = "export",
        description = "Writes the settings of a database as JSON, for import. Contains no secret.",
        footer = {
            "",
            "Examples:",
            "  registry-admin export orders --file orders.json",
            "  registry-admin export orders | registry-admin import - --table other"
        })
public final class ExportCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--file", paramLabel = "FILE", description = "write to FILE instead of stdout")
    private Optional<Path> file = Optional.empty();

    private final SettingsReader reader;
    private final Console console;

    @Inject
    ExportCommand(SettingsReader reader, Console console) {
        this.reader = reader;
        this.console = console;
    }

    @Override
    public void run() {
        String json = Json.pretty(Documents.settings(reader.current(Objects.requireNonNull(database))));
        if (file.isEmpty()) {
            console.print(json);
            return;
        }
        try {
            Files.writeString(file.get(), json + System.lineSeparator());
        } catch (IOException e) {
            throw FileProblems.of("can't write", file.get(), e);
        }
        console.say("written to " + file.get());
    }
}
