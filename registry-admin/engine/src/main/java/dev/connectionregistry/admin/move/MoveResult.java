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
 * @param total from the write to the last instance seen to follow; empty if nobody was waited for
 * @param warnings what else the operator should know
 * @param leftover the interval could not be put back: what happened and how to do it
 */
public record MoveResult(
        ChangeResult change,
        VersionedSettings last,
        Optional<FleetSnapshot> fleet,
        Optional<Duration> total,
        List<String> warnings,
        Optional<OperationException> leftover) {
    /** Of a change that the fleet is not asked to follow. */
    static MoveResult of(ChangeResult change) {
        return new MoveResult(change, change.after(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }
}
