package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The coordinator is killed, and somebody else finishes what it began or takes it back. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledCoordinatorTest extends SharedServers {
    KilledCoordinatorTest() {
        super(11);
    }

    @ParameterizedTest(name = "after {0}, then {1}")
    @CsvSource({"AWAIT_READY, resume", "PROVE, abort", "SWITCH, resume", "SWITCH, abort"})
    void anHeirFinishesOrTakesBack(Step step, String how) throws Exception {
        try (Stage stage = Stage.open(servers())) {
            KilledCoordinator.play(stage, step, how);
        }
    }
}
