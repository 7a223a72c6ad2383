package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.options.WatchOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the fleet. */
@Command(
        name = "status",
        description = "Shows the instances that use a database: state, version, when last seen, what went wrong.",
        footer = {
            "",
            "The exit code is 0 whatever the fleet does, unless --exit-code is given.",
            "",
            "Examples:",
            "  registry-admin status orders --watch",
            "  registry-admin status orders --exit-code --output json"
        })
public final class StatusCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Mixin
    private final WatchOptions often = new WatchOptions();

    @Option(names = "--exit-code", description = "exit with 4 unless every live instance serves the current version")
    private boolean exitCode;

    @Option(names = "--all", description = "show also each instance that has stopped")
    private boolean all;

    private final SettingsReader reader;
    private final FleetWatcher watcher;
    private final StatusWatch watching;
    private final Console console;

    @Inject
    StatusCommand(SettingsReader reader, FleetWatcher watcher, StatusWatch watching, Console console) {
        this.reader = reader;
        this.watcher = watcher;
        this.watching = watching;
        this.console = console;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        Optional<Duration> every = often.every();
        if (every.isPresent() && exitCode) {
            throw new InvalidSettingsException("--exit-code makes no sense with --watch, which doesn't end by itself");
        }
        if (every.isPresent()) {
            watching.run(name, every.get(), all);
        } else {
            once(name);
        }
    }

    private void once(DatabaseName name) {
        VersionedSettings current = reader.current(name);
        FleetSnapshot fleet = watcher.once(name, FleetGoal.active(current.version()));
        if (console.json()) {
            console.printJson(FleetDocuments.status(current, fleet));
        } else {
            console.print(StatusText.lines(current, fleet, all, console.outputWidth(), console.coloredOutput()));
        }
        if (exitCode && !fleet.converged()) {
            throw new OperationException(
                    OperationException.Reason.NOT_CONVERGED,
                    fleet.pending().size() + " of " + fleet.live().size() + " live instances don't serve version "
                            + current.version() + " yet",
                    "");
        }
    }
}
