package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.AdminOptions;
import dev.connectionregistry.admin.cli.options.WatchOptions;
import dev.connectionregistry.admin.cutover.coordinator.FenceStatusReader;
import dev.connectionregistry.admin.cutover.coordinator.StatusReader;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the state of a cutover. */
@Command(
        name = "status",
        description =
                "Shows who holds the lock, the run's journal, whether its fence is up, the fleet, and what to type"
                        + " next. With --admin-username and --admin-password-ref (or your defaults for that server) it"
                        + " also asks the source about the fence; without them, and with --watch, it logs in to no"
                        + " server.",
        footer = {
            "",
            "Examples:",
            "  registry-admin cutover status orders",
            "  registry-admin cutover status orders \\",
            "      --admin-username ops --admin-password-ref env:ADMIN_PASSWORD",
            "  registry-admin cutover status orders --watch"
        })
final class CutoverStatusCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Mixin
    private @Nullable AdminOptions admins;

    @Mixin
    private final WatchOptions often = new WatchOptions();

    private final StatusReader reader;
    private final FenceStatusReader fence;
    private final CutoverPrinter show;
    private final CutoverWatch watching;

    @Inject
    CutoverStatusCommand(StatusReader reader, FenceStatusReader fence, CutoverPrinter show, CutoverWatch watching) {
        this.reader = reader;
        this.fence = fence;
        this.show = show;
        this.watching = watching;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        Optional<Duration> every = often.every();
        if (every.isPresent()) {
            watching.run(name, every.get());
        } else {
            show.status(
                    fence.ask(reader.read(name), Objects.requireNonNull(admins).onSource()));
        }
    }
}
