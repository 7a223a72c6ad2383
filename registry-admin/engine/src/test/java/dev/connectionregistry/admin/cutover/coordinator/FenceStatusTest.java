package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.coordinator.FenceStatus.State;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.registry.CutoverLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the journal says of the fence is never the opposite of what is so. */
class FenceStatusTest {
    private final Stage stage = new Stage();

    @BeforeEach
    void oneInstance() {
        stage.instance("a");
    }

    @ParameterizedTest
    @CsvSource({
        "PREPARE,             DOWN",
        "PREPARE written,     DOWN",
        "HOLD written,        UNKNOWN",
        "raise,               UNKNOWN",
        "prove,               UNKNOWN",
        "steady db2,          UNKNOWN",
        "steady db2 written,  UNKNOWN",
    })
    void isUnknownFromTheHoldOnWhereACoordinatorDied(String event, State state) {
        dieAt(event, false);
        assertThat(state()).isEqualTo(state);
        assertThat(state() == State.DOWN && stage.servers.fenceUp()).isFalse();
    }

    @Test
    void isDownOnceARunWasUndoneAndUpOnceItHasSwitched() {
        dieAt("raise", false);
        stage.takeOver(Purpose.ABORT);
        assertThat(state()).isEqualTo(State.DOWN);
        stage.cutover();
        assertThat(state()).isEqualTo(State.UP);
    }

    @Test
    void isDownOnTheWayBackOnceItWasLowered() {
        stage.script.fail("barrier", () -> {
            throw new IllegalStateException("no barrier");
        });
        stage.script.crash("poll 30s"); // until the source's settings stand the journal is kept back
        assertThatThrownBy(stage::cutover).isInstanceOf(Script.Crash.class);
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(state()).isEqualTo(State.DOWN);
    }

    @Test
    void isNeverUpInARehearsal() {
        dieAt("HOLD written", true);
        assertThat(state()).isEqualTo(State.DOWN);
    }

    private void dieAt(String event, boolean rehearsal) {
        stage.script.crash(event);
        assertThatThrownBy(() -> {
                    if (rehearsal) {
                        stage.rehearsal(Stage.options());
                    } else {
                        stage.cutover();
                    }
                })
                .isInstanceOf(Script.Crash.class);
        stage.script.clear();
    }

    private State state() {
        CutoverLock lock = stage.registry.lock(Stage.ORDERS).orElseThrow();
        RunRecord run = RunRecordCodec.record(
                stage.registry.journal(Stage.ORDERS, lock.runId()).orElseThrow());
        return FenceStatus.byJournal(run).state();
    }
}
