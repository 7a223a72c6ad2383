package dev.connectionregistry.samples.fleet.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutoverStepsTest {
    private static String step(String act, String startedAt, int millis, String outcome) {
        return String.format(
                "{\"act\":\"%s\",\"by\":\"me\",\"startedAt\":\"%s\",\"offsetMillis\":1,\"millis\":%d,"
                        + "\"outcome\":\"%s\",\"evidence\":\"x\"}",
                act, startedAt, millis, outcome);
    }

    private static CutoverSteps steps(String... steps) {
        return CutoverSteps.of(
                "{\"database\":\"orders\",\"run\":{\"id\":\"c-1\",\"steps\":[" + String.join(",", steps) + "]}}");
    }

    private final CutoverSteps switched = steps(
            step("AWAIT_READY", "1970-01-01T00:00:01Z", 1_000, "DONE"),
            step("HOLD", "1970-01-01T00:00:02.000250Z", 12, "DONE"),
            step("AWAIT_HELD", "1970-01-01T00:00:02.013Z", 0, "DONE"),
            step("SWITCH", "1970-01-01T00:00:02.014Z", 5, "DONE"),
            step("AWAIT_ACTIVE", "1970-01-01T00:00:02.020Z", 9, "DONE"),
            step("UNLOCK", "1970-01-01T00:00:03Z", 1, "DONE"));

    @Test
    void readsTheStepsOfTheHoldFromTheJournal() {
        assertThat(switched.holdAndRelease())
                .extracting(Step::name)
                .containsExactly("hold", "await held", "switch", "await active");
        assertThat(switched.holdAndRelease().get(0)).isEqualTo(new Step("hold", 2_000_250, 12_000, true));
        assertThat(switched.holdAndRelease())
                .extracting(Step::millis)
                .containsExactly("12 ms", "<1 ms", "5 ms", "9 ms");
        assertThat(switched.holdMicros(-1)).contains(2_000_250L);
        assertThat(switched.holdMicros(11)).contains(2_008_000L);
        assertThat(switched.holdMicros(5_000)).contains(2_000_250L);
        assertThat(switched.releaseMicros()).contains(2_019_000L);
    }

    @Test
    void showsTheWayBackOfARunThatWasUndone() {
        CutoverSteps undone = steps(
                step("HOLD", "1970-01-01T00:00:02Z", 12, "DONE"),
                step("AWAIT_HELD", "1970-01-01T00:00:02.013Z", 2_500, "FAILED"),
                step("WITHDRAW", "1970-01-01T00:00:04.600Z", 5, "DONE"));

        assertThat(undone.holdAndRelease()).hasSize(3).extracting(Step::done).containsExactly(true, false, true);
        assertThat(undone.releaseMicros()).contains(4_605_000L);
    }

    @Test
    void hasNoHoldWhenTheRunWasRefusedBefore() {
        CutoverSteps refused = steps(step("CHECK", "1970-01-01T00:00:02Z", 12, "FAILED"));

        assertThat(refused.holdAndRelease()).isEmpty();
        assertThat(refused.holdMicros(84)).isEmpty();
        assertThat(refused.releaseMicros()).isEmpty();
    }

    @Test
    void doesNotGuessFromAnythingElse() {
        for (String other : List.of("", "{}", "{\"run\":{\"steps\":[]}}", "lock: free")) {
            assertThatExceptionOfType(DemoException.class)
                    .isThrownBy(() -> CutoverSteps.of(other))
                    .withMessageContaining("cutover status");
        }
        assertThatExceptionOfType(DemoException.class)
                .isThrownBy(() -> steps(step("HOLD", "yesterday", 1, "DONE")))
                .withMessageContaining("yesterday");
    }

    @Test
    void takesTheHoldFromTheCommandsOwnHeadline() {
        String headline =
                "cutover c-b6113b50: switched orders from old:1/orders to new:2/orders, version 11; hold 455 ms";

        assertThat(CutoverSteps.holdMillis(List.of("  114 ms  ask every instance to hold: version 9", headline)))
                .isEqualTo(455);
        assertThat(CutoverSteps.holdMillis(List.of("cutover c-b6113b50: refused; nothing was started")))
                .isEqualTo(-1);
    }
}
