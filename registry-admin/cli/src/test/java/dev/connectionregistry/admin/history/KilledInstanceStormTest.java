package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Moments;
import dev.connectionregistry.admin.history.stage.Stage;
import dev.connectionregistry.admin.history.stage.Stall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An instance is killed in each of its states. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledInstanceStormTest extends SharedServers {
    KilledInstanceStormTest() {
        super(17);
    }

    /** ACTIVE, PREPARING, READY, HOLDING or HELD, and just switched. */
    @ParameterizedTest(name = "after {0}")
    @EnumSource(
            value = Step.class,
            names = {"QUICKEN", "PREPARE", "AWAIT_READY", "HOLD", "AWAIT_HELD", "SWITCH"})
    void theOthersEndUpTogether(Step step) throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.watched(Moments.after(step), stage.cutover());
            cutover.awaitMoment(Scenarios.LIMIT);
            stage.fleet().process(0).kill();
            int code = Scenarios.requireEnd(cutover, Scenarios.DONE, Scenarios.NOT_ALL_SEEN, Scenarios.UNDONE);
            assertThat(Scenarios.switched(stage)).as(cutover::toString).isEqualTo(code != Scenarios.UNDONE);
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }

    /** It has said HELD, so that nobody misses it until after the switch. */
    @Test
    void aHeldInstanceThatIsKilledDoesNotKeepTheOthersBack() throws Exception {
        try (Stage stage = Stage.open(servers())) {
            Command cutover = stage.command(stage.cutover());
            cutover.awaitSaid(Moments.after(Step.AWAIT_READY), Scenarios.LIMIT);
            Stall.of(stage.target(), () -> {
                cutover.awaitSaid(Moments.after(Step.PROVE), Scenarios.LIMIT);
                stage.fleet().process(0).kill();
            });
            Scenarios.requireEnd(cutover, Scenarios.DONE, Scenarios.NOT_ALL_SEEN);
            Scenarios.requireUnnoticed(Scenarios.requireConsistent(stage));
        }
    }
}
