package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.options.Converters.ServerText;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.options.WatchOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the fleet. */
@Command(
        name = "status",
        description = "Shows the instances that use a database, or each database of a server: state, version, when they"
                + " last reported, what went wrong.",
        footer = {
            "",
            "The exit code is 0 whatever the fleet does, unless --exit-code is given.",
            "",
            "Examples:",
            "  registry-admin status orders --watch",
            "  registry-admin status --server db1.internal:5432",
            "  registry-admin status orders --exit-code --output json"
        })
public final class StatusCommand implements Runnable {
    @Parameters(arity = "0..1", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "instead of DB: every database that is on this server, by its settings or by a live instance")
    private Optional<ServerText> server = Optional.empty();

    @Mixin
    private final WatchOptions often = new WatchOptions();

    @Option(names = "--exit-code", description = "exit with 4 unless every live instance serves the current version")
    private boolean exitCode;

    @Option(names = "--all", description = "also show each stopped instance")
    private boolean all;

    private final SettingsReader reader;
    private final FleetWatcher watcher;
    private final StatusWatch watching;
    private final ServerFinder servers;
    private final Console console;

    @Inject
    StatusCommand(
            SettingsReader reader, FleetWatcher watcher, StatusWatch watching, ServerFinder servers, Console console) {
        this.servers = servers;
        this.reader = reader;
        this.watcher = watcher;
        this.watching = watching;
        this.console = console;
    }

    @Override
    public void run() {
        DatabaseName name = database;
        Optional<Duration> every = often.every();
        PairOptions.requireOne(name, server);
        if (every.isPresent() && server.isPresent()) {
            throw new InvalidSettingsException("--watch shows one database; watch each of a server's with status DB");
        }
        if (every.isPresent() && exitCode) {
            throw new InvalidSettingsException("--exit-code makes no sense with --watch, which doesn't end by itself");
        }
        if (name == null) {
            ServerFinder.FleetsOnServer found = servers.at(server.orElseThrow().address());
            found.leftOut().forEach(each -> console.warn(each.warning()));
            each(found.fleets().stream().map(NamedFleet::name).toList());
        } else if (every.isPresent()) {
            watching.run(name, every.get(), all);
        } else {
            once(name);
        }
    }

    private void each(List<DatabaseName> names) {
        List<Map<String, Object>> documents = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        for (DatabaseName name : names) {
            VersionedSettings current = reader.current(name);
            FleetSnapshot fleet = watcher.once(name, FleetGoal.active(current.version()));
            documents.add(FleetDocuments.status(current, fleet));
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(StatusText.lines(current, fleet, all, console.outputWidth(), console.coloredOutput()));
            if (!fleet.converged()) {
                behind.add(name.value());
            }
        }
        if (console.json()) {
            console.printJson(documents);
        } else {
            console.print(lines);
        }
        if (exitCode && !behind.isEmpty()) {
            throw new OperationException(
                    OperationException.Reason.NOT_CONVERGED,
                    "not every live instance serves the current version of " + String.join(", ", behind),
                    "");
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
