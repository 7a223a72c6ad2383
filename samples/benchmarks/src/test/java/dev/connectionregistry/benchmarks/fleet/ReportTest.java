package dev.connectionregistry.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.registry.CutoverEnd;
import dev.connectionregistry.registry.InstanceState;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String SWITCHED = """
            {"outcome": "switched", "holdMillis": 120, "cause": "", "steps": [
              {"step": "await-held", "startedAt": "2026-11-30T02:00:00.010Z", "offsetMillis": 10, "millis": 30},
              {"step": "fence", "startedAt": "2026-11-30T02:00:00.040Z", "offsetMillis": 40, "millis": 5},
              {"step": "prove", "startedAt": "2026-11-30T02:00:00.045Z", "offsetMillis": 45, "millis": 15},
              {"step": "barrier", "startedAt": "2026-11-30T02:00:00.060Z", "offsetMillis": 60, "millis": 3},
              {"step": "sequences", "startedAt": "2026-11-30T02:00:00.063Z", "offsetMillis": 63, "millis": 7},
              {"step": "verify", "startedAt": "2026-11-30T02:00:00.070Z", "offsetMillis": 70, "millis": 10},
              {"step": "switch", "startedAt": "2026-11-30T02:00:00.080Z", "offsetMillis": 80, "millis": 40},
              {"step": "await-active", "startedAt": "2026-11-30T02:00:00.120Z", "offsetMillis": 120, "millis": 9}]}
            """;
    private static final String UNDONE =
            "{\"outcome\": \"undone\", \"cause\": \"the fleet did not hold within 2.5 s: and 280 more\", \"steps\": []}";

    @Test
    void theLastLineIsOfTheLargestFleet() {
        List<String> lines = new Report(
                        List.of(trial(50, CutoverEnd.of(0, SWITCHED, "")), trial(3, CutoverEnd.of(0, SWITCHED, ""))))
                .lines();

        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("fleet instances=50 hold_ms=120 longest_ms=131 floor_ms=35 failed=1 lost=0"
                        + " reads_per_s=1500 writes_per_s=77");
        assertThat(lines)
                .anyMatch(line -> line.matches("instances +50 +3"))
                .anyMatch(line -> line.matches("threads of an instance +4\\.0 +66\\.7"))
                .anyMatch(line -> line.matches(" +fence +5 +5"));
    }

    @Test
    void theWayOfTheHoldIsShownWhereAllInstancesSawIt() {
        List<String> lines = new Report(List.of(trial(50, CutoverEnd.of(0, SWITCHED, "")))).lines();

        assertThat(lines)
                .contains("where the hold went, ms")
                .anyMatch(line -> line.matches(" +the last instance has heard of HOLD +10"))
                .anyMatch(line -> line.matches(" +nothing is in use there any more +5"))
                .anyMatch(line -> line.matches(" +the last instance has heard of the switch +10"));
    }

    @Test
    void aCutoverThatWasUndoneIsShownWithItsReasonAndHasNoHold() {
        List<String> lines = new Report(
                        List.of(trial(3, CutoverEnd.of(0, SWITCHED, "")), trial(300, CutoverEnd.of(5, UNDONE, ""))))
                .lines();

        assertThat(lines)
                .contains("UNDONE: 300 instances, exit code 5: the fleet did not hold within 2.5 s: and 280 more")
                .anyMatch(line -> line.matches("hold, ms +120 +undone"));
        assertThat(lines.get(lines.size() - 1)).startsWith("fleet instances=300 hold_ms=- longest_ms=131 ");
    }

    @Test
    void aCommandThatPrintedNothingIsShownWithWhatItSaid() {
        assertThat(CutoverEnd.of(1, "", "error: no room\nmore").why()).isEqualTo("exit code 1: error: no room");
        assertThat(CutoverEnd.of(4, "{}", "").isSwitched()).isTrue();
        assertThat(CutoverEnd.of(5, UNDONE, "").isSwitched()).isFalse();
    }

    private static Trial trial(int instances, CutoverEnd end) {
        Seen seen = new Seen(
                130.6,
                1,
                "08006: gone",
                List.of(new UUID(0, 1)),
                Map.of(
                        InstanceState.HOLDING,
                        "2026-11-30T02:00:00.020Z",
                        InstanceState.HELD,
                        "2026-11-30T02:00:00.025Z",
                        InstanceState.ACTIVE,
                        "2026-11-30T02:00:00.130Z"),
                Map.of(),
                Map.of(),
                200);
        return new Trial(instances, end, seen, new Rows(0, 0), new Floor(20, 5.4, 10), 1500, 77);
    }
}
