package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes a change and watches the fleet follow it: shorten the poll interval, wait until everyone has taken that, write,
 * wait until everyone serves it, put the interval back. Each write is conditional on the version before it, and after
 * each the settings are valid, so that it may die anywhere; run again, it takes up what it finds.
 */
public final class MoveFleet {
    private final ChangeSettings changes;
    private final FleetWatcher watcher;
    private final IntervalRestorer restorer;
    private final Timing timing;
    private final CommandText commands;

    /** With the write, the watch and the way back. */
    @Inject
    public MoveFleet(
            ChangeSettings changes,
            FleetWatcher watcher,
            IntervalRestorer restorer,
            Timing timing,
            CommandText commands) {
        this.changes = changes;
        this.watcher = watcher;
        this.restorer = restorer;
        this.timing = timing;
        this.commands = commands;
    }

    /**
     * Edits what is current now, and moves.
     *
     * @throws OperationException if somebody else writes, the fleet doesn't get there in time, or the operator stops it
     */
    public MoveResult move(MoveRequest request, UnaryOperator<ConnectionSettings> edit, MoveObserver observer) {
        return move(request, changes.current(request.change()), edit, observer);
    }

    /** Edits what was read as {@code base}, which may be a removed database that comes back, and moves. */
    public MoveResult move(
            MoveRequest request,
            VersionedSettings base,
            UnaryOperator<ConnectionSettings> edit,
            MoveObserver observer) {
        if (request.change().dryRun()) {
            ChangeResult change = changes.edit(request.change(), base, edit.apply(base.settings()));
            return new MoveResult(
                    change, change.after(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
        }
        return new MoveRun(changes, watcher, restorer, timing, commands, request, observer).run(base, edit);
    }
}
