package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.InstanceBounds;
import dev.connectionregistry.admin.operation.MoveFleet;
import dev.connectionregistry.admin.operation.MoveRequest;
import dev.connectionregistry.admin.operation.MoveResult;
import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.admin.output.MoveTalk;
import dev.connectionregistry.admin.output.Results;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** Runs a move for a command and shows how it goes and what it came to. */
final class Mover {
    private final MoveFleet fleet;
    private final Console console;
    private final Results results;
    private final FleetWatcher watcher;

    @Inject
    Mover(MoveFleet fleet, FleetWatcher watcher, Console console, Results results) {
        this.fleet = fleet;
        this.watcher = watcher;
        this.console = console;
        this.results = results;
    }

    void move(MoveRequest request, UnaryOperator<ConnectionSettings> edit) {
        show(fleet.move(request, warning(request, edit), new MoveTalk(console)));
    }

    void move(MoveRequest request, VersionedSettings base, UnaryOperator<ConnectionSettings> edit) {
        show(fleet.move(request, base, warning(request, edit), new MoveTalk(console)));
    }

    /** Says before the write which instances would refuse what is to be written; once, however often it is edited. */
    private UnaryOperator<ConnectionSettings> warning(MoveRequest request, UnaryOperator<ConnectionSettings> edit) {
        AtomicBoolean warned = new AtomicBoolean();
        return settings -> {
            ConnectionSettings edited = edit.apply(settings);
            if (!edited.equals(settings) && warned.compareAndSet(false, true)) {
                refusals(request.change().database(), edited).forEach(console::warn);
            }
            return edited;
        };
    }

    private List<String> refusals(DatabaseName database, ConnectionSettings edited) {
        try {
            return InstanceBounds.refusals(watcher.once(database, FleetGoal.active(0)), edited);
        } catch (RegistryException e) {
            return List.of(); // without reports nobody can tell; the write has its own errors
        }
    }

    private void show(MoveResult result) {
        results.move(result);
        result.leftover().ifPresent(problem -> {
            throw problem;
        });
    }
}
