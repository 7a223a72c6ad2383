package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of a move that succeeded.
 *
 * @param change the change itself; {@code after} is the version that the fleet was to follow
 * @param last the newest version this move wrote, the restored interval included
 * @param fleet the fleet at the end; empty if it wasn't watched
 * @param total the time from the write until the last instance was seen to follow; empty if nothing was waited for
 * @param warnings what else the operator should know
 * @param leftover if the interval could not be restored: what happened and how to restore it
 */
public record MoveResult(
        ChangeResult change,
        VersionedSettings last,
        Optional<FleetSnapshot> fleet,
        Optional<Duration> total,
        List<String> warnings,
        Optional<OperationException> leftover) {
    /** The result of a change that the fleet isn't watched to follow. */
    static MoveResult of(ChangeResult change) {
        return new MoveResult(change, change.after(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
