package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.FleetWait;
import dev.connectionregistry.admin.cutover.run.FleetWait.Wait;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;

/** The poll interval: shortened for the time of the run, and put back. */
final class IntervalSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private IntervalSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.QUICKEN, "shorten the poll interval", USUAL, IntervalSteps::quicken),
                new StepAction(Step.RESTORE_INTERVAL, "put the poll interval back", USUAL, IntervalSteps::restore));
    }

    private static Evidence quicken(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Duration wanted = run.options().times().pollInterval();
        VersionedSettings current = run.registry().current();
        Polling polling = current.settings().polling();
        Duration before = polling.interval();
        if (before.compareTo(wanted) > 0) {
            current = write(run, current, polling.shortenedTo(wanted), "poll interval shortened");
        }
        Duration limit = longer(before, run.fleet().look().patience()).plus(FleetWatcher.MARGIN);
        FleetSnapshot fleet = run.fleet()
                .await(new Wait(
                        FleetGoal.acknowledged(current.version()),
                        limit,
                        Duration.ZERO,
                        FleetWatcher.PAUSE,
                        run.heedsStop(),
                        true,
                        FleetWait.Judge.PATIENT));
        return Evidence.of("poll interval "
                + Durations.text(current.settings().polling().interval()) + ", read by "
                + Plural.of(fleet.live().size(), "instance") + " after "
                + FleetEvents.seconds(fleet.lastArrival().orElse(Duration.ZERO)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Only if it is a temporary one: {@code normal} remembers what it was before anybody shortened it. */
    private static Evidence restore(CutoverRun run, Duration bound) throws StepFailure {
        if (!(run.registry().look() instanceof ReadResult.Found found)) {
            return Evidence.of("there are no settings to put it back in");
        }
        VersionedSettings current = found.settings();
        Polling polling = current.settings().polling();
        if (current.transition().isPresent()) {
            return Evidence.of("left alone: " + current.transition().get() + " is under way");
        }
        if (!polling.isTemporary()) {
            return Evidence.of("poll interval " + polling + ", nothing to put back");
        }
        VersionedSettings written = write(run, current, polling.restored(), "poll interval back to normal");
        return Evidence.of("poll interval " + written.settings().polling() + ", version " + written.version());
    }

    private static VersionedSettings write(CutoverRun run, VersionedSettings current, Polling polling, String why)
            throws StepFailure {
        VersionedSettings next = current.next(
                current.settings().withPolling(polling), run.registry().sign(why));
        VersionedSettings written = run.registry().write(next);
        run.servers().signals().ifPresent(CoordinatorSignals::hint);
        return written;
    }
}
