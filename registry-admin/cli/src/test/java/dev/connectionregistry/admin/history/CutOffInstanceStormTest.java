package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Operation;
import dev.connectionregistry.admin.history.check.Outcome;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import dev.connectionregistry.admin.history.stage.Stall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The registry can't be reached by one instance, while everyone else reaches it. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CutOffInstanceStormTest extends SharedServers {
    CutOffInstanceStormTest() {
        super(17);
    }

    @Test
    void anInstanceThatDoesNotHearOfTheHoldUndoesIt() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            stage.registryOfFirst().hang();
            Command cutover = stage.command(stage.cutover("--prepare-timeout", "5s"));
            Scenarios.requireEnd(cutover, Scenarios.FAILED, Scenarios.UNDONE);
            stage.registryOfFirst().heal();
            assertThat(Scenarios.switched(stage)).as(cutover::toString).isFalse();
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }

    @Test
    void anInstanceThatIsReadyButDoesNotHearOfTheHoldUndoesIt() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.watched(Moments.after(Step.PREPARE), stage.cutover());
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.registryOfFirst().cut();
            int code = Scenarios.requireEnd(cutover, Scenarios.DONE, Scenarios.NOT_ALL_SEEN, Scenarios.UNDONE);
            stage.registryOfFirst().heal();
            assertThat(Scenarios.switched(stage)).as(cutover::toString).isEqualTo(code != Scenarios.UNDONE);
            Scenarios.requireConsistent(stage);
        }
    }

    /** It opens its gate by itself in the end, onto the source, which refuses; nothing is lost and nothing hangs. */
    @Test
    void anInstanceThatDoesNotHearOfTheSwitchFailsItsCallersButLosesNothing() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.command(stage.cutover());
            cutover.awaitSaid(Moments.after(Step.AWAIT_READY), Scenarios.LIMIT);
            Stall.of(stage.target(), () -> {
                cutover.awaitSaid(Moments.after(Step.PROVE), Scenarios.LIMIT);
                stage.registryOfFirst().cut();
            });
            Scenarios.requireEnd(cutover, Scenarios.DONE, Scenarios.NOT_ALL_SEEN);
            stage.registryOfFirst().heal();
            Verdict verdict = Scenarios.requireConsistent(stage);
            assertThat(verdict.ended(Outcome.FAILED))
                    .extracting(Operation::process)
                    .allMatch(name -> name.equals(stage.fleet().process(0).name()));
        }
    }
}
