package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Aftermath;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import dev.connectionregistry.admin.history.stage.Stall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replication stands still, so that the barrier can't be passed. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledReplicationTest extends SharedServers {
    StalledReplicationTest() {
        super(17);
    }

    @Test
    void nobodyIsHeldWhereReplicationStandsStillBefore() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Stall.of(stage.target(), () -> {
                Command cutover = stage.command(stage.cutover("--prepare-timeout", "2s"));
                Scenarios.requireEnd(cutover, Scenarios.FAILED); // refused by the check: the worker waits for a lock
                assertThat(cutover.said()).noneMatch(Moments.after(Step.HOLD));
            });
            Aftermath.requireBackOn(stage.source(), stage);
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }

    @Test
    void theCutoverIsUndoneWithinItsBudgetAndCanBeTriedAgain() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command stalled = stage.command(stage.cutover("--hold-budget", "2s"));
            stalled.awaitSaid(Moments.after(Step.AWAIT_READY), Scenarios.LIMIT);
            Stall.of(stage.target(), () -> Scenarios.requireEnd(stalled, Scenarios.UNDONE));
            Aftermath.requireBackOn(stage.source(), stage);
            Scenarios.requireEnd(stage.command(stage.cutover()), Scenarios.DONE);
            Verdict verdict = Scenarios.requireConsistent(stage);
            Scenarios.requireUnnoticed(verdict);
            assertThat(verdict.longest().orElseThrow().micros()).isLessThan(7_000_000);
        }
    }
}
