package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.GroupStage;
import dev.connectionregistry.admin.history.stage.Moments;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The coordinator of a group is killed, and another operator finishes what it began, or takes it back, by another of its names. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupKilledCoordinatorStormTest extends SharedServers {
    GroupKilledCoordinatorStormTest() {
        super(11);
    }

    @ParameterizedTest(name = "after {0}, then {1} by name {2}")
    @CsvSource({"AWAIT_READY, resume, 2", "PROVE, abort, 1", "BARRIER, resume, 1", "SWITCH, abort, 2"})
    void allOfItIsFinishedOrTakenBack(Step step, String how, int by) throws Exception {
        try (GroupStage stage = GroupStage.open(servers())) {
            Command doomed = stage.doomed(Moments.after(step), stage.cutover());
            Scenarios.requireEnd(doomed, Command.KILLED);
            assertThat(doomed.momentCame()).as(doomed::toString).isTrue();
            boolean tooLate = stage.switched() && how.equals("abort");

            Command heir = stage.takeOver(how, stage.names().get(by));

            Scenarios.requireEnd(heir, Scenarios.HEIR_LIMIT, tooLate ? Scenarios.FAILED : Scenarios.DONE);
            assertThat(stage.switched()).as(heir::toString).isEqualTo(how.equals("resume") || tooLate);
            for (Verdict verdict : stage.requireConsistent()) {
                Scenarios.requireUnnoticed(verdict);
            }
        }
    }
}
