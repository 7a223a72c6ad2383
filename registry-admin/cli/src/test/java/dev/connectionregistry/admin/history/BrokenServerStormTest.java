package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The target dies or freezes before the switch: callers go on on the source. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenServerStormTest extends SharedServers {
    BrokenServerStormTest() {
        super(17);
    }

    @Test
    void aTargetThatDiesWhileEveryoneGetsReadyIsGivenUp() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.watched(Moments.after(Step.QUICKEN), stage.cutover());
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.target().server().kill();
            Scenarios.requireEnd(cutover, Scenarios.UNDONE);
            stage.target().server().startAgain();
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }

    @ParameterizedTest(name = "after {0}")
    @EnumSource(
            value = Step.class,
            names = {"PREPARE", "AWAIT_READY", "HOLD"})
    void aTargetThatFreezesIsGivenUp(Step step) throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.watched(Moments.after(step), stage.cutover("--prepare-timeout", "10s"));
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.target().server().pause();
            try {
                Scenarios.requireEnd(cutover, Scenarios.UNDONE);
            } finally {
                stage.target().server().resume();
            }
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }
}
