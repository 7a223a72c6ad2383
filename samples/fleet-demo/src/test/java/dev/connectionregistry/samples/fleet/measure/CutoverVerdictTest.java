package dev.connectionregistry.samples.fleet.measure;

import static dev.connectionregistry.samples.fleet.measure.Samples.SOURCE;
import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static dev.connectionregistry.samples.fleet.measure.Samples.cutover;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.CutoverFacts.Commits;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutoverVerdictTest {
    private static final Commits GOOD = new Commits(1_000, 3_000, 0);
    private static final String REFUSED = "25006 ERROR: cannot execute INSERT in a read-only transaction";

    private static Verdict verdict(CutoverFacts facts) {
        List<Done> work = List.of(done(Work.READ, 0, 7_001, SOURCE), done(Work.READ, 9_000, 3, TARGET));
        return Verdict.of(work, 0, new RowCount(0, 0, 0, 0), 300, 1_000_000, 0).with(facts);
    }

    private static void failsBecause(String fault, CutoverFacts facts) {
        assertThat(verdict(facts).faults()).hasSize(1);
        assertThat(verdict(facts).faults().get(0)).contains(fault);
        assertThat(verdict(facts).line()).startsWith("verdict: FAIL ");
    }

    @Test
    void passesWithTheHoldAtTheEndOfThePlainMovesLine() {
        assertThat(verdict(cutover(84, 2_000, GOOD, REFUSED, 8_000)).line())
                .isEqualTo("verdict: PASS statements=2 failed=0 lost=0 longest_ms=8 moved_ms=1 hold_ms=84");
    }

    @Test
    void failsWhenTheServersTookWritesAtTheSameTime() {
        failsBecause(
                "committed on the source 500 us after",
                cutover(84, 2_000, new Commits(3_500, 3_000, 0), REFUSED, 8_000));
    }

    @Test
    void failsWhenAWriteWasThereBeforeTheSwitch() {
        failsBecause("before the switch", cutover(84, 3_001, GOOD, REFUSED, 8_000));
    }

    @Test
    void failsWhenTheCommitsHaveNoTimes() {
        failsBecause("have a time", cutover(84, 2_000, new Commits(-1, 3_000, 0), REFUSED, 8_000));
        failsBecause("have a time", cutover(84, 2_000, new Commits(1_000, -1, 0), REFUSED, 8_000));
    }

    @Test
    void failsWhenANumberWasGivenOutTwice() {
        failsBecause("2 order numbers", cutover(84, 2_000, new Commits(1_000, 3_000, 2), REFUSED, 8_000));
    }

    @Test
    void failsWhenTheSourceTakesAWriteOrFailsItForAnotherReason() {
        failsBecause("still takes writes", cutover(84, 2_000, GOOD, "", 8_000));
        failsBecause("42P01 no table", cutover(84, 2_000, GOOD, "42P01 no table", 8_000));
    }

    @Test
    void failsWhenACallerWaitedTooLongOrTheHoldIsNotKnown() {
        failsBecause("a caller waited 8 ms; allowed are 7", cutover(84, 2_000, GOOD, REFUSED, 7_000));
        failsBecause("does not say how long", cutover(-1, 2_000, GOOD, REFUSED, 8_000));
    }
}
