package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import dev.connectionregistry.admin.history.stage.Stall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An instance stands still (SIGSTOP) from within the hold until after the switch, with its connections to the source open. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrozenInstanceTest extends SharedServers {
    FrozenInstanceTest() {
        super(11);
    }

    @Test
    void anInstanceThatSleptThroughTheSwitchWritesNothingToTheSource() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.command(stage.cutover("--hold-budget", "15s"));
            cutover.awaitSaid(Moments.after(Step.AWAIT_READY), Scenarios.LIMIT);
            Stall.of(stage.target(), () -> {
                cutover.awaitSaid(Moments.after(Step.PROVE), Scenarios.LIMIT);
                stage.fleet().process(0).freeze();
            });
            Scenarios.requireEnd(cutover, Scenarios.DONE, Scenarios.NOT_ALL_SEEN);
            stage.fleet().process(0).thaw();
            Scenarios.requireConsistent(stage);
        }
    }
}
