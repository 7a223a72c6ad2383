package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Stage;

/** One scenario: the coordinator is killed after a step, and {@code resume} or {@code abort} follows at once. */
final class KilledCoordinator {
    private KilledCoordinator() {}

    static void play(Stage stage, Step step, String how) throws Exception {
        Scenarios.killAfter(step, stage);
        boolean switchedBefore = Scenarios.switched(stage);
        Command heir = Scenarios.takeOver(how, stage);
        boolean forward = how.equals("resume");
        boolean tooLate = !forward && switchedBefore;
        Scenarios.requireEnd(heir, Scenarios.HEIR_LIMIT, tooLate ? Scenarios.FAILED : Scenarios.DONE);
        if (tooLate) { // it has put the poll interval back and closed the run: nothing is left to be resumed
            Scenarios.requireEnd(Scenarios.takeOver("resume", stage), Scenarios.FAILED);
        }
        assertThat(Scenarios.switched(stage)).as(heir::toString).isEqualTo(forward || tooLate);
        Verdict verdict = Scenarios.requireConsistent(stage);
        Scenarios.requireUnnoticed(verdict);
    }
}
