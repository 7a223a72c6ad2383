package dev.connectionregistry.samples.fleet.measure;

import static dev.connectionregistry.samples.fleet.measure.Samples.SOURCE;
import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static dev.connectionregistry.samples.fleet.measure.Samples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final long ALLOWED = 2_000_000;
    private static final long MEASURED_FROM = 500;

    private final List<Done> work = new ArrayList<>(List.of(
            done(Work.INSERT, 0, 90_000, SOURCE),
            done(Work.TRANSACTION, 1_000, 7_001, SOURCE),
            done(Work.READ, 2_000, 3, TARGET)));

    private final List<FoundRow> rows = new ArrayList<>(List.of(
            new FoundRow(FoundRow.Table.ORDERS, work.get(0).order(), SOURCE),
            new FoundRow(FoundRow.Table.ORDERS, work.get(1).order(), SOURCE),
            new FoundRow(FoundRow.Table.ORDER_LINES, work.get(1).order(), SOURCE)));

    private Verdict verdict(long movedMicros) {
        return Verdict.of(work, MEASURED_FROM, RowCount.of(work, rows), movedMicros, ALLOWED, 0);
    }

    @Test
    void passesWhenEveryRowIsThereOnceAndAllMovedInTime() {
        assertThat(verdict(1_234_001).line())
                .isEqualTo("verdict: PASS statements=4 failed=0 lost=0 longest_ms=8 moved_ms=1235");
    }

    @Test
    void failsWhenHalfATransactionIsMissing() {
        rows.remove(2);
        assertThat(verdict(0).line()).startsWith("verdict: FAIL").contains("lost=1");
    }

    @Test
    void failsWhenTwoServersTookTheSameRow() {
        rows.add(new FoundRow(FoundRow.Table.ORDERS, work.get(0).order(), TARGET));
        assertThat(verdict(0).faults()).containsExactly("1 rows are there twice");
    }

    @Test
    void failsOnAnErrorInTheWarmUpToo() {
        work.add(failed(Work.INSERT, 0, 1));
        assertThat(verdict(0).line()).startsWith("verdict: FAIL").contains("failed=1");
    }

    @Test
    void countsARowThatNobodyWasToldOfWithoutCallingItLost() {
        Done inDoubt = failed(Work.INSERT, 0, 1);
        work.add(inDoubt);
        rows.add(new FoundRow(FoundRow.Table.ORDERS, inDoubt.order(), SOURCE));
        assertThat(RowCount.of(work, rows)).isEqualTo(new RowCount(3, 0, 0, 1));
    }

    @Test
    void failsWhenAnInstanceMovedLateOrNeverOrACommandFailedOrNothingRan() {
        assertThat(verdict(ALLOWED + 1).passed()).isFalse();
        assertThat(verdict(-1).line()).startsWith("verdict: FAIL").endsWith("moved_ms=-1");
        RowCount none = new RowCount(0, 0, 0, 0);
        assertThat(Verdict.of(work, 0, none, 0, ALLOWED, 1).passed()).isFalse();
        assertThat(Verdict.of(List.of(), 0, none, 0, ALLOWED, 0).passed()).isFalse();
    }

    @Test
    void takesTheLastInstanceThatServesFromTheTarget() {
        List<Status> quick = List.of(new Status(10, 1, SOURCE, "ACTIVE"), new Status(150, 3, TARGET, "ACTIVE"));
        List<Status> slow = List.of(new Status(10, 1, SOURCE, "ACTIVE"), new Status(400, 3, TARGET, "ACTIVE"));
        List<Status> stuck = List.of(new Status(10, 1, SOURCE, "ACTIVE"), new Status(400, 1, SOURCE, "REJECTED"));

        assertThat(Moves.of(Map.of("a", quick, "b", slow), TARGET).lastAfter(100))
                .isEqualTo(300);
        assertThat(Moves.of(Map.of("a", quick, "b", stuck), TARGET).lastAfter(100))
                .isNegative();
        assertThat(Moves.of(Map.of(), TARGET).lastAfter(100)).isNegative();
    }
}
