package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.GroupStage;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.TransferStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The coordinator of a group is killed after each of its steps, while services transfer between two of its names and others read from a
 * standby. If the time limit of the hold opens the gates before the run is taken over, a transfer may fail as a whole, and the run may be
 * undone; what was done adds up.
 */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTransferStormTest extends SharedServers {
    GroupTransferStormTest() {
        super(17);
    }

    @BeforeAll
    void startStandbys() {
        servers().startStandbys();
    }

    @ParameterizedTest(name = "after {0}, then {1}")
    @MethodSource("dev.connectionregistry.admin.history.KilledCoordinatorStormTest#steps")
    void transfersAddUp(Step step, String how) throws Exception {
        try (TransferStage stage = TransferStage.open(servers())) {
            GroupStage group = stage.group();
            Command doomed = group.doomed(Moments.after(step), group.cutover());
            Scenarios.requireEnd(doomed, Command.KILLED);
            assertThat(doomed.momentCame()).as(doomed::toString).isTrue();
            boolean tooLate = group.switched() && how.equals("abort");

            Command heir = group.takeOver(how, group.names().get(1));

            int code = how.equals("resume")
                    ? Scenarios.requireEnd(heir, Scenarios.DONE, Scenarios.UNDONE)
                    : Scenarios.requireEnd(heir, tooLate ? Scenarios.FAILED : Scenarios.DONE);
            assertThat(group.switched())
                    .as(heir::toString)
                    .isEqualTo(tooLate || (how.equals("resume") && code == Scenarios.DONE));
            System.out.println(step + ", " + how + ": " + code);
            stage.requireAddsUp();
        }
    }
}
