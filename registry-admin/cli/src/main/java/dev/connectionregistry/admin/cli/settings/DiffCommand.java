package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the differences between two versions. */
@Command(
        name = "diff",
        description = "Shows what differs between two versions of a database.",
        footer = {"", "Example:", "  registry-admin diff orders 3 5"})
public final class DiffCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Parameters(index = "1", paramLabel = "V1", description = "a version")
    private long from;

    @Parameters(index = "2", paramLabel = "V2", description = "another")
    private long to;

    private final SettingsReader reader;
    private final Results results;

    @Inject
    DiffCommand(SettingsReader reader, Results results) {
        this.reader = reader;
        this.results = results;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        results.differences(SettingsDiff.between(reader.version(name, from), reader.version(name, to)));
    }
}
