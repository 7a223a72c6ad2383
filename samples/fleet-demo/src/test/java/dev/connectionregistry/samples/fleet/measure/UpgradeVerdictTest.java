package dev.connectionregistry.samples.fleet.measure;

import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts.Leg;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts.Writes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpgradeVerdictTest {
    private static final Leg LEG = new Leg(80, 20_000);
    private static final Writes WRITES = new Writes(5, 0, 0, 0, 7, 7, List.of("25006", "25006 read-only"));

    private static UpgradeFacts facts(Leg back, int verified, long leftovers, Writes writes, String... surprises) {
        return new UpgradeFacts(LEG, back, 1_000_000, verified, leftovers, Optional.of(writes), List.of(surprises));
    }

    private static Verdict verdict(UpgradeFacts facts) {
        return Verdict.of(
                        List.of(Samples.done(Work.INSERT, 0, 500, TARGET)),
                        0,
                        new RowCount(1, 0, 0, 0),
                        300,
                        1_000_000,
                        0)
                .with(facts);
    }

    @Test
    void passesAndSaysBothHolds() {
        Verdict verdict = verdict(facts(LEG, 6, 0, WRITES));
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.line())
                .isEqualTo("verdict: PASS statements=1 failed=0 lost=0 longest_ms=1 moved_ms=1 hold_ms=80"
                        + " back_moved_ms=20 back_hold_ms=80 verified=6");
    }

    @Test
    void failsForEachReasonAlone() {
        for (UpgradeFacts each : List.of(
                facts(new Leg(-1, 20_000), 6, 0, WRITES),
                facts(new Leg(80, -1), 6, 0, WRITES),
                facts(new Leg(80, 1_000_001), 6, 0, WRITES),
                facts(LEG, 0, 0, WRITES),
                facts(LEG, 6, 1, WRITES),
                facts(LEG, 6, 0, WRITES, "preflight saw nothing"),
                facts(LEG, 6, 0, new Writes(0, 0, 0, 0, 7, 7, List.of("25006", "25006"))),
                facts(LEG, 6, 0, new Writes(5, 1, 0, 0, 7, 7, List.of("25006", "25006"))),
                facts(LEG, 6, 0, new Writes(5, 0, 1, 0, 7, 7, List.of("25006", "25006"))),
                facts(LEG, 6, 0, new Writes(5, 0, 0, 1, 7, 7, List.of("25006", "25006"))),
                facts(LEG, 6, 0, new Writes(5, 0, 0, 0, 7, 6, List.of("25006", "25006"))),
                facts(LEG, 6, 0, new Writes(5, 0, 0, 0, 7, 7, List.of("25006", ""))),
                facts(LEG, 6, 0, new Writes(5, 0, 0, 0, 7, 7, List.of("25006", "08006 gone"))))) {
            assertThat(verdict(each).faults()).as(each.toString()).hasSize(1);
        }
    }

    @Test
    void countsRequestsOfAServiceWhoseRowsDoNotSayWhichServerTookThem() {
        Verdict verdict = Verdict.of(
                        List.of(Samples.done(Work.REQUEST, 0, 500, TARGET)),
                        0,
                        new RowCount(1, 0, 0, 0),
                        300,
                        1_000_000,
                        0)
                .with(new UpgradeFacts(LEG, LEG, 1_000_000, 3, 0, Optional.empty(), List.of()));
        assertThat(verdict.line())
                .isEqualTo("verdict: PASS requests=1 failed=0 lost=0 longest_ms=1 moved_ms=1 hold_ms=80"
                        + " back_moved_ms=20 back_hold_ms=80 verified=3");
    }

    @Test
    void knowsWhenAnInstanceCameBack() {
        int old = TARGET - 1;
        List<Status> there = List.of(
                new Status(1, 1, old, "ACTIVE"), new Status(2, 2, TARGET, "ACTIVE"), new Status(3, 3, old, "READY"));
        List<Status> back = List.of(new Status(2, 2, TARGET, "ACTIVE"), new Status(9, 4, old, "ACTIVE"));
        assertThat(Moves.backOf(Map.of("a", there, "b", back), TARGET).byInstance())
                .containsEntry("a", Optional.empty())
                .containsEntry("b", Optional.of(9L));
    }

    @Test
    void readsWhatTheCommandsSay() {
        String preflight =
                "[{\"database\":\"orders\",\"checks\":[{\"name\":\"a\",\"outcome\":\"pass\",\"remedies\":[]},{\"name\":\"b\","
                        + "\"outcome\":\"fail\",\"remedies\":[{\"where\":\"source\",\"text\":\"ALTER\"},"
                        + "{\"where\":\"advice\",\"text\":\"better not\"}]}]}]";
        assertThat(PreflightReport.of(preflight).failed())
                .containsExactly(new PreflightReport.Check("orders", "b", List.of("ALTER")));
        String verify = "[{\"equal\":3,\"different\":1,\"notCompared\":0},"
                + "{\"equal\":2,\"different\":0,\"notCompared\":2}]";
        assertThat(VerifyReport.of(verify)).isEqualTo(new VerifyReport(5, 3));
        assertThat(CutoverSteps.fenceDown("{\"fenceDown\":[\"one\",\"two\"]}")).containsExactly("one", "two");
    }
}
