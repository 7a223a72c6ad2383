package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.List;
import java.util.Optional;

/**
 * The status of a database's cutover.
 *
 * @param current the settings
 * @param lock the lock; empty if there never was a cutover
 * @param run what the latest run's journal says of this name; empty if there is none
 * @param together the names that the latest run moves together, this one included; empty if there is no journal
 * @param problem why the journal can't be read; empty if it can
 * @param fleet the fleet
 * @param fence whether the fence is up; empty if none was planned
 * @param recorded what that fence changed, by its record on the server; empty if it wasn't asked or has none
 * @param left fences of earlier runs that may be up
 * @param next what to type next; may be empty
 */
public record CutoverStatus(
        VersionedSettings current,
        Optional<CutoverLock> lock,
        Optional<RunRecord> run,
        List<DatabaseName> together,
        Optional<String> problem,
        FleetSnapshot fleet,
        Optional<FenceStatus> fence,
        Optional<FencePlan> recorded,
        List<RunFence> left,
        String next) {
    /**
     * What the latest run's fence changed, as long as it isn't known to be down: by its record on the server where that was asked, else as
     * planned before the hold.
     */
    public Optional<FencePlan> standingFence() {
        boolean down =
                fence.filter(now -> now.state() == FenceStatus.State.DOWN).isPresent();
        return down ? Optional.empty() : recorded.or(() -> run.flatMap(RunRecord::fence));
    }

    /** With what was found out about fences; {@code latest} is that of {@link #run}. */
    CutoverStatus withFences(Optional<RunFence> latest, List<RunFence> earlier) {
        return new CutoverStatus(
                current,
                lock,
                run,
                together,
                problem,
                fleet,
                latest.map(RunFence::now).or(() -> fence),
                latest.flatMap(RunFence::recorded),
                earlier,
                next);
    }
}
