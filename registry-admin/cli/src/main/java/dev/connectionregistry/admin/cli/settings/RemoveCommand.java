package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a database from the registry. */
@Command(
        name = "remove",
        description = "Removes a database from the registry. Its history stays, and rollback restores it.",
        footer = {"", "Example:", "  registry-admin remove orders --yes --reason 'merged into sales'"})
public final class RemoveCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    private boolean yes;

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final ChangeSettings changes;
    private final FleetWatcher watcher;
    private final Console console;
    private final Results results;

    @Inject
    RemoveCommand(ChangeSettings changes, FleetWatcher watcher, Console console, Results results) {
        this.changes = changes;
        this.watcher = watcher;
        this.console = console;
        this.results = results;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        ChangeRequest request = writing.request(name);
        boolean asks = !yes && !request.dryRun();
        if (asks && !(console.terminal().input() && console.terminal().error())) {
            throw new InvalidSettingsException("remove asks before it removes, and there is no terminal; add --yes");
        }
        VersionedSettings current = changes.current(request);
        int live =
                watcher.once(name, FleetGoal.active(current.version())).live().size();
        if (live > 0) {
            console.warn(Plural.of(live, "live instance uses", "live instances use") + " '" + name
                    + "'; they keep their pools, but no instance can start");
        }
        if (asks && !confirmed(current)) {
            throw new OperationException(
                    OperationException.Reason.NOT_CONFIRMED, "not removed: '" + name + "' stays as it is", "");
        }
        results.change(changes.remove(request, current));
    }

    private boolean confirmed(VersionedSettings current) {
        try {
            return console.confirm("remove '" + current.database() + "' (version " + current.version() + ", "
                    + current.settings().endpoint() + ")?");
        } catch (IOException e) {
            throw new UncheckedIOException("the answer could not be read", e);
        }
    }
}
