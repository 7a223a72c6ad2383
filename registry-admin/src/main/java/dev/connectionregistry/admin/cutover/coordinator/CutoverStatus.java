package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Optional;

/**
 * How a database's cutover stands.
 *
 * @param current the settings
 * @param lock the lock; empty if there never was a cutover
 * @param run the latest run's journal; empty if there is none
 * @param problem why the journal can't be read; empty if it can
 * @param fleet the fleet
 * @param fence whether the fence is up; empty if none was planned
 * @param next what to type next; may be empty
 */
public record CutoverStatus(
        VersionedSettings current,
        Optional<CutoverLock> lock,
        Optional<RunRecord> run,
        Optional<String> problem,
        FleetSnapshot fleet,
        Optional<FenceNow> fence,
        String next) {
    /** With another word on the fence. */
    CutoverStatus withFence(FenceNow now) {
        return new CutoverStatus(current, lock, run, problem, fleet, Optional.of(now), next);
    }
}
