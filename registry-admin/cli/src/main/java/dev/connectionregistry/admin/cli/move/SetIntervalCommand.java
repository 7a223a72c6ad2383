package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Polling;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets the poll interval permanently. */
@Command(
        name = "set-interval",
        description =
                "Permanently sets how often instances read the registry; also ends a temporary interval that a move"
                        + " left behind.",
        footer = {"", "Example:", "  registry-admin set-interval orders 30s --wait"})
public final class SetIntervalCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Parameters(index = "1", paramLabel = "D", description = "such as 500ms, 30s or 5m; 50ms to 1h")
    private Converters.@Nullable PollInterval interval;

    @Mixin
    private final WaitOptions waiting = new WaitOptions();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final Mover mover;

    @Inject
    SetIntervalCommand(Mover mover) {
        this.mover = mover;
    }

    @Override
    public void run() {
        Polling polling = Polling.every(Objects.requireNonNull(interval).value());
        mover.move(
                waiting.request(
                        writing.request(Objects.requireNonNull(database)),
                        FleetGoal.Kind.ACKNOWLEDGED,
                        Optional.empty()),
                settings -> settings.withPolling(polling));
    }
}
