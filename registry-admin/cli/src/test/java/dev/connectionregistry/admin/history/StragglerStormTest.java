package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Operation;
import dev.connectionregistry.admin.history.check.Outcome;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transaction of the fleet takes longer than a cutover waits. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StragglerStormTest extends SharedServers {
    private static final Duration LONG = Duration.ofSeconds(12);

    StragglerStormTest() {
        super(17);
    }

    @Test
    void isLeftAloneAndTheCutoverUndone() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.watched(Moments.after(Step.QUICKEN), stage.cutover("--grace", "1s"));
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.straggle(LONG);
            Scenarios.requireEnd(cutover, Scenarios.UNDONE);
            assertThat(cutover.said()).anyMatch(line -> line.contains("--cancel-stragglers"));
            stage.awaitNoStraggler();
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }

    @Test
    void isEndedIfTheOperatorSaysSo() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover =
                    stage.watched(Moments.after(Step.QUICKEN), stage.cutover("--grace", "1s", "--cancel-stragglers"));
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.straggle(LONG);
            Scenarios.requireEnd(cutover, Scenarios.DONE);
            Verdict verdict = Scenarios.requireConsistent(stage);
            assertThat(verdict.ended(Outcome.FAILED))
                    .as("only the straggler")
                    .extracting(Operation::writer)
                    .allMatch(writer -> writer.endsWith(".s1"))
                    .hasSize(1);
        }
    }
}
