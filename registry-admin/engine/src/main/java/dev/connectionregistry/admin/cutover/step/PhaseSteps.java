package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;

/** The phases as they are written into the settings: always the version after the one that this run last read or wrote. */
final class PhaseSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private PhaseSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.PREPARE, "ask everyone to prepare", USUAL, PhaseSteps::prepare),
                new StepAction(Step.HOLD, "ask everyone to hold", USUAL, PhaseSteps::hold),
                new StepAction(Step.SWITCH, "switch to the target", USUAL, PhaseSteps::switchOver),
                new StepAction(Step.WITHDRAW, "go back to the source", USUAL, PhaseSteps::withdraw));
    }

    private static Evidence hold(CutoverRun run, Duration bound) throws StepFailure {
        run.timing().settle(); // from here on callers wait for every pause of ours
        run.hold().begin();
        return writeInHold(run, next(run, Transition.Phase.HOLD));
    }

    private static Evidence prepare(CutoverRun run, Duration bound) throws StepFailure {
        return write(run, next(run, Transition.Phase.PREPARE));
    }

    private static VersionedSettings next(CutoverRun run, Transition.Phase phase) {
        VersionedSettings current = run.registry().current();
        Transition transition = run.spec().transition(phase, current.settings());
        run.servers().openSignals();
        return current.nextIn(transition, run.registry().sign(phase.toString()));
    }

    private static Evidence switchOver(CutoverRun run, Duration bound) throws StepFailure {
        VersionedSettings current = run.registry().current();
        ConnectionSettings target =
                run.spec().target().withPolling(current.settings().polling());
        run.hold().sending();
        Evidence written = writeInHold(run, current.next(target, run.registry().sign("switch")));
        run.hold().over();
        return written;
    }

    /** Also after a hold that somebody else ended, of which nothing is left to withdraw. */
    private static Evidence withdraw(CutoverRun run, Duration bound) throws StepFailure {
        ReadResult stands = run.registry().look();
        boolean ours = stands instanceof ReadResult.Found found
                && found.settings()
                        .transition()
                        .filter(transition -> transition.id().equals(run.spec().id()))
                        .isPresent();
        if (!ours) {
            run.hold().foundOver();
            return Evidence.of("nothing of this run stands any more");
        }
        VersionedSettings current = run.registry().current();
        run.hold().sending();
        Evidence written =
                write(run, current.next(current.settings(), run.registry().sign("withdrawn")));
        run.hold().over();
        return written;
    }

    private static Evidence write(CutoverRun run, VersionedSettings next) throws StepFailure {
        return sent(run, run.registry().write(next));
    }

    /** Callers wait meanwhile, so the registry gets no more time than is left of the hold. */
    private static Evidence writeInHold(CutoverRun run, VersionedSettings next) throws StepFailure {
        return sent(run, run.registry().write(next, run.hold().rest()));
    }

    private static Evidence sent(CutoverRun run, VersionedSettings written) {
        run.servers().signals().ifPresent(CoordinatorSignals::forget);
        run.servers().signals().ifPresent(CoordinatorSignals::send);
        return Evidence.of("version " + written.version());
    }
}
