package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.RunPhases.Written;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps that write the phases into the settings, and announce them. */
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

    private static Evidence prepare(CutoverRun run, Duration bound) throws StepFailure {
        run.servers().openSignals();
        return tell(run, run.phases().prepare());
    }

    /** From here on callers wait, so the registry has only what is left of the hold to answer. */
    private static Evidence hold(CutoverRun run, Duration bound) throws StepFailure {
        run.servers().openSignals();
        run.timing().settle(); // from here on callers wait for every pause of this process
        run.hold().begin();
        return tell(run, run.phases().hold(run.hold().rest()));
    }

    private static Evidence switchOver(CutoverRun run, Duration bound) throws StepFailure {
        run.hold().sending();
        return letGo(run, run.phases().switchOver(run.hold().rest()));
    }

    /** Also after a hold that another operator ended: then there is nothing to withdraw. */
    private static Evidence withdraw(CutoverRun run, Duration bound) throws StepFailure {
        Optional<Transition> transition = run.registry().look().current().flatMap(VersionedSettings::transition);
        if (transition.filter(any -> any.id().equals(run.spec().id())).isEmpty()) {
            run.hold().foundOver();
            return Evidence.of("nothing of this run is in the settings any more");
        }
        run.servers().openSignals(); // a coordinator that takes over to go back has none yet
        run.hold().sending();
        return letGo(run, run.phases().undo());
    }

    private static Evidence letGo(CutoverRun run, Written written) {
        Evidence evidence = tell(run, written);
        run.hold().over();
        return evidence;
    }

    /** On an announcement an instance acts at once; on a hint it reads the settings. */
    private static Evidence tell(CutoverRun run, Written written) {
        run.servers().signals().ifPresent(signals -> written.announcement()
                .ifPresentOrElse(signals::announce, signals::hint));
        return Evidence.of("version " + written.version());
    }
}
