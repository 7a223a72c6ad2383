package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads what the settings of all names say. */
final class LookStep {
    private LookStep() {}

    static Evidence look(CutoverRun run, Duration bound) throws StepFailure, InterruptedException {
        Map<GroupMember, ReadResult> read = new LinkedHashMap<>();
        run.spec().members().forEach(each -> read.put(each, run.registry().look(each.name())));
        // after the look, or a successor's writes could be taken for what was written under our lock
        run.registry().requireLock();
        SettingsState found = found(run.state(), read);
        if (found == SettingsState.STEADY_SOURCE || found == SettingsState.SWITCHED) {
            run.hold().foundOver();
        }
        if (found == SettingsState.STEADY_SOURCE && isFirst(run.state())) {
            for (GroupMember each : run.spec().members()) {
                requireBase(run, each);
            }
            run.journal().require();
        }
        if (found == SettingsState.STEADY_SOURCE
                && run.state().purpose() == Purpose.RESUME
                && !run.state().undoing()) {
            for (GroupMember each : run.spec().members()) {
                requireUnchanged(run, each);
            }
        }
        return new Evidence(
                run.spec().perName(each -> describe(Objects.requireNonNull(read.get(each)))), Optional.of(found));
    }

    private static boolean isFirst(RunState state) {
        return !state.undoing() && !state.purpose().takesOver();
    }

    /** A run that begins finds nothing of its own, and needs all names; later it must bring to an end what is its own. */
    private static SettingsState found(RunState state, Map<GroupMember, ReadResult> read) {
        Map<GroupMember, SettingsState> each = new LinkedHashMap<>();
        read.forEach((member, result) -> each.put(member, found(member, result)));
        boolean some = each.values().stream().distinct().count() > 1;
        return some && isFirst(state) ? SettingsState.FOREIGN : SettingsState.ofGroup(each.values());
    }

    /** The operator's choices were made for the settings as they were then. */
    private static void requireBase(CutoverRun run, GroupMember member) throws StepFailure {
        VersionedSettings current = run.registry().current(member.name());
        if (current.version() != member.baseVersion()) {
            throw StepFailure.failed("version " + current.version() + of(run, member) + " was written by "
                    + current.change().by() + " at " + current.change().at() + ", after version "
                    + member.baseVersion() + " was read; run the command again");
        }
    }

    private static String of(CutoverRun run, GroupMember member) {
        return run.spec().members().size() > 1 ? " of '" + member.name() + "'" : "";
    }

    /**
     * Before the run had written a phase, anybody could write; the target was made from the settings as they were
     * before.
     */
    private static void requireUnchanged(CutoverRun run, GroupMember member) throws StepFailure {
        VersionedSettings current = run.registry().current(member.name());
        ConnectionSettings source = member.source();
        if (!current.settings().withPolling(source.polling()).equals(source)) {
            throw StepFailure.failed("the settings" + of(run, member)
                    + " were changed after the run began; version " + current.version()
                    + " was written by " + current.change().by() + " at "
                    + current.change().at() + "; end the run with 'cutover abort "
                    + run.spec().database() + "' and start over");
        }
    }

    /**
     * Verifies that every name still carries this run's phase, before the next one is written.
     *
     * @throws StepFailure naming the one that another operator has changed without regard to the lock
     */
    static void requireCarried(CutoverRun run) throws StepFailure {
        for (GroupMember member : run.spec().members()) {
            VersionedSettings current = run.registry().current(member.name());
            if (!member.isCarriedBy(current)) {
                throw StepFailure.failed("'" + member.name() + "' no longer carries this run: version "
                        + current.version() + " was written by "
                        + current.change().by() + " at "
                        + current.change().at());
            }
        }
    }

    /** What {@code read} means to this run. */
    private static SettingsState found(GroupMember member, ReadResult read) {
        if (!(read instanceof ReadResult.Found settings)) {
            return SettingsState.FOREIGN;
        }
        Optional<Transition> transition = settings.settings().transition();
        if (transition.isPresent()) {
            boolean holds = transition.get().phase() == Transition.Phase.HOLD;
            SettingsState phase = holds ? SettingsState.HELD : SettingsState.PREPARED;
            return member.isCarriedBy(settings.settings()) ? phase : SettingsState.FOREIGN;
        }
        Endpoint endpoint = settings.settings().settings().endpoint();
        if (endpoint.equals(member.source().endpoint())) {
            return SettingsState.STEADY_SOURCE;
        }
        return endpoint.equals(member.target().endpoint()) ? SettingsState.SWITCHED : SettingsState.FOREIGN;
    }

    private static String describe(ReadResult read) {
        if (read instanceof ReadResult.Found found) {
            VersionedSettings settings = found.settings();
            return "version " + settings.version() + ": " + settings.settings().endpoint()
                    + settings.transition()
                            .map(transition -> ", " + transition + ", " + transition.phase())
                            .orElse(", steady");
        }
        return read instanceof ReadResult.Malformed malformed
                ? "settings that can't be used: " + malformed.problem()
                : "the database is not in the registry";
    }
}
