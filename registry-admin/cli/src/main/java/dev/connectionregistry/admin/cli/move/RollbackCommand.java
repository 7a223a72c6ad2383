package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.admin.settings.RollbackFinder;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores an earlier content. */
@Command(
        name = "rollback",
        description = {
            "Writes the content of an earlier version as a new version.",
            "Without --to: the newest version that live instances serve, if its content differs from the current one;"
                    + " otherwise the newest version that differs. An interval shortened for a move doesn't count as a"
                    + " difference and isn't restored."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin rollback orders --poll-interval 1s",
            "  registry-admin rollback orders --to 3 --dry-run"
        })
public final class RollbackCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--to", paramLabel = "N", description = "the version to go back to")
    private Optional<Long> to = Optional.empty();

    @Mixin
    private final MoveOptions moving = new MoveOptions();

    private final RollbackFinder target;
    private final Mover mover;
    private final Console console;

    @Inject
    RollbackCommand(RollbackFinder target, Mover mover, Console console) {
        this.target = target;
        this.mover = mover;
        this.console = console;
    }

    @Override
    public void run() {
        MoveRequest request = moving.request(Objects.requireNonNull(database));
        VersionedSettings from = target.newest(request.change());
        RollbackFinder.Target found = target.find(from, to);
        VersionedSettings back = found.settings();
        console.say(found.text());
        mover.move(
                request,
                from,
                current ->
                        content(current, back.settings(), request.pollInterval().isPresent()));
    }

    /**
     * If this move has shortened the interval, it stays short, and the restored content's interval follows at the end.
     */
    private static ConnectionSettings content(ConnectionSettings current, ConnectionSettings back, boolean shortened) {
        ConnectionSettings lasting = RollbackFinder.lasting(back);
        boolean temporary = shortened && current.polling().isTemporary();
        return temporary
                ? lasting.withPolling(new Polling(
                        current.polling().interval(),
                        Optional.of(lasting.polling().interval())))
                : lasting;
    }
}
