package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.RunPhases.Written;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/** The steps that write the phases into the settings, and announce them. */
final class PhaseSteps {
    private static final Duration USUAL = Duration.ofSeconds(15);

    private PhaseSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.PREPARE, "ask every instance to prepare", USUAL, PhaseSteps::prepare),
                new StepAction(Step.HOLD, "ask every instance to hold", USUAL, PhaseSteps::hold),
                new StepAction(Step.SWITCH, "switch to the target", USUAL, PhaseSteps::switchOver),
                new StepAction(Step.WITHDRAW, "go back to the source", USUAL, PhaseSteps::withdraw));
    }

    private static Evidence prepare(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        requireSameServers(run, bound);
        if (run.spec().members().stream()
                .anyMatch(each -> each.isCarriedBy(run.registry().current(each.name())))) {
            LookStep.requireCarried(run); // a coordinator that takes over prepares again
        }
        run.signals().open();
        return tell(run, run.phases().prepare());
    }

    /** From here on callers wait, so the registry must answer within what is left of the hold. */
    private static Evidence hold(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        requireSameServers(run, bound);
        LookStep.requireCarried(run);
        run.signals().open();
        for (DatabaseRun each : run.databases()) {
            TargetSchema.beginEarly(each);
        }
        run.timing().settle(); // from here on callers wait for every pause of this process
        run.hold().begin();
        Evidence evidence = tell(run, run.phases().hold(run.hold().rest()));
        run.fleet().beginLook();
        return evidence;
    }

    /**
     * A coordinator that takes over has sessions of its own, which may lead to a standby that was promoted meanwhile;
     * and only the journal tells it which names are readers.
     */
    private static void requireSameServers(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        for (DatabaseRun each : run.databases()) {
            each.requireSameServers();
            ReaderSteps.require(each, bound);
        }
    }

    /** Looks at the targets for the last time: one that failed over since they were compared may lack rows. */
    private static Evidence switchOver(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        run.eachDatabase(database -> database.requireSameTarget(run.hold().rest()));
        run.hold().sending();
        return letGo(run, run.phases().switchOver(run.hold().rest()));
    }

    /** Called even after a hold that another operator ended: then there is nothing to withdraw. */
    private static Evidence withdraw(CutoverRun run, Duration bound) throws StepFailure {
        List<GroupMember> carrying = run.spec().members().stream()
                .filter(member -> run.registry()
                        .look(member.name())
                        .current()
                        .filter(member::isCarriedBy)
                        .isPresent())
                .toList();
        if (carrying.isEmpty()) {
            run.hold().foundOver();
            return Evidence.of("nothing of this run is in the settings any more");
        }
        run.signals().open(); // a coordinator that takes over to undo the run has none yet
        run.hold().sending();
        return letGo(run, run.phases().undo(carrying));
    }

    private static Evidence letGo(CutoverRun run, List<Written> written) {
        run.hold().over(); // the hold ends with the write; the announcement isn't part of it
        return tell(run, written);
    }

    private static Evidence tell(CutoverRun run, List<Written> written) {
        run.signals().tell(written);
        return Evidence.of(run.spec().perName(each -> written.stream()
                .filter(phase -> phase.member().equals(each))
                .map(phase -> "version " + phase.version())
                .findFirst()
                .orElse("not written")));
    }
}
