package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.coordinator.StatusReader;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows how a cutover stands. */
@Command(
        name = "status",
        description = "Shows who has the lock, the run and its fence as journalled, the fleet, and what to type next."
                + " Contacts neither server.",
        footer = {"", "Example:", "  registry-admin cutover status orders"})
final class CutoverStatusCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    private final StatusReader reader;
    private final CutoverShow show;

    @Inject
    CutoverStatusCommand(StatusReader reader, CutoverShow show) {
        this.reader = reader;
        this.show = show;
    }

    @Override
    public void run() {
        show.status(reader.read(Objects.requireNonNull(database)));
    }
}
