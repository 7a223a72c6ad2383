package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.GroupMember;
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
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The poll interval: shortened for the duration of the run, and restored. */
final class IntervalSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private IntervalSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.QUICKEN, "shorten the poll interval", USUAL, IntervalSteps::quicken),
                new StepAction(Step.RESTORE_INTERVAL, "restore the poll interval", USUAL, IntervalSteps::restore));
    }

    private static Evidence quicken(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Duration wanted = run.options().times().pollInterval();
        List<VersionedSettings> slower = run.spec().members().stream()
                .map(each -> run.registry().current(each.name()))
                .filter(current -> polling(current).interval().compareTo(wanted) > 0)
                .toList();
        Duration before = slower.stream()
                .map(current -> polling(current).interval())
                .max(Comparator.naturalOrder())
                .orElse(wanted);
        write(run, slower, current -> polling(current).shortenedTo(wanted), "poll interval shortened");
        Duration limit = longer(before, run.fleet().look().patience()).plus(FleetWatcher.MARGIN);
        FleetSnapshot fleet = run.fleet()
                .await(new Wait(
                        FleetGoal.Kind.ACKNOWLEDGED,
                        limit,
                        Duration.ZERO,
                        FleetWatcher.PAUSE,
                        run.heedsStop(),
                        true,
                        FleetWait.Judge.PATIENT));
        return Evidence.of("poll interval "
                + run.spec()
                        .perName(each -> Durations.text(
                                polling(run.registry().current(each.name())).interval()))
                + ", read by " + Plural.of(fleet.live().size(), "instance") + " after "
                + FleetEvents.seconds(fleet.lastArrival().orElse(Duration.ZERO)));
    }

    private static Polling polling(VersionedSettings settings) {
        return settings.settings().polling();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /**
     * Restores only an interval that is temporary: {@code normal} remembers what it was before anybody shortened it.
     */
    private static Evidence restore(CutoverRun run, Duration bound) throws StepFailure {
        Map<GroupMember, String> said = new LinkedHashMap<>();
        List<VersionedSettings> temporary = new ArrayList<>();
        for (GroupMember member : run.spec().members()) {
            Optional<VersionedSettings> current =
                    run.registry().look(member.name()).current();
            Optional<String> left = leftAlone(current);
            left.ifPresentOrElse(why -> said.put(member, why), () -> temporary.add(current.orElseThrow()));
        }
        write(run, temporary, current -> polling(current).restored(), "poll interval back to normal");
        return Evidence.of(run.spec()
                .perName(member -> said.computeIfAbsent(
                        member, written -> restored(run.registry().current(written.name())))));
    }

    /** Why an interval is not restored; empty if it must be. */
    private static Optional<String> leftAlone(Optional<VersionedSettings> current) {
        if (current.isEmpty()) {
            return Optional.of("there are no settings in which to restore it");
        }
        if (current.get().transition().isPresent()) {
            return Optional.of("left alone: " + current.get().transition().get() + " is under way");
        }
        Polling polling = polling(current.get());
        return polling.isTemporary()
                ? Optional.empty()
                : Optional.of("poll interval " + polling + ", nothing to restore");
    }

    private static String restored(VersionedSettings written) {
        return "poll interval " + polling(written) + ", version " + written.version();
    }

    private static void write(
            CutoverRun run, List<VersionedSettings> current, Function<VersionedSettings, Polling> polling, String why)
            throws StepFailure {
        if (current.isEmpty()) {
            return;
        }
        Change change = run.registry().sign(why);
        run.registry()
                .write(current.stream()
                        .map(each -> each.next(each.settings().withPolling(polling.apply(each)), change))
                        .toList());
        current.forEach(each -> run.signals().hint(each.database()));
    }
}
