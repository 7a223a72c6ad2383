package dev.connectionregistry.benchmarks.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.benchmarks.cutover.load.Latencies;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void theLastLineHasTheMediansAndTheSums() {
        Map<Contender, Results> results = new EnumMap<>(Contender.class);
        results.put(
                Contender.OURS,
                new Results(List.of(round(40, 30, 0), round(20, 10, 1), round(31, 20, 2)), List.of(-3.0, 1.4, 2.0)));
        results.put(Contender.PGBOUNCER, new Results(List.of(round(30, 25, 0), round(60, 50, 0)), List.of(44.0, 46.0)));

        List<String> lines = new Report(results, 130).lines();

        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("cutover ours_ms=31 pgbouncer_ms=45 ours_failed=3 pgbouncer_failed=0 ours_added_us=1"
                        + " pgbouncer_added_us=45");
    }

    @Test
    void whoTookNoPartIsADash() {
        Map<Contender, Results> results =
                Map.of(Contender.PGBOUNCER, new Results(List.of(round(30, 25, 0)), List.of(44.0)));

        List<String> lines = new Report(results, 130).lines();

        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("cutover ours_ms=- pgbouncer_ms=30 ours_failed=- pgbouncer_failed=0 ours_added_us=-"
                        + " pgbouncer_added_us=44");
        assertThat(lines).noneMatch(line -> line.contains(Contender.OURS.title()));
    }

    @Test
    void stepsAreShownWithTheirMediansInTheOrderOfTheCutover() {
        Results results = new Results(List.of(round(30, 20, 0), round(30, 40, 0)), List.of(44.0));

        assertThat(results.medianSteps()).containsExactly(new Step("pause", 0, 3), new Step("resume", 15, 15));
    }

    @Test
    void theHoldsPartsAreThoseOfOneRoundAndTheirSum() {
        List<Round> rounds = List.of(inParts(10, 5), inParts(40, 2), inParts(20, 4));

        List<String> lines = new Report(Map.of(Contender.OURS, new Results(rounds, List.of(1.0))), 130).lines();

        assertThat(lines)
                .anyMatch(line -> line.matches(" +reads +0\\.0 +20\\.0"))
                .anyMatch(line -> line.matches(" +fence +20\\.0 +4\\.0"))
                .anyMatch(line -> line.matches(" +all of it, .* +24\\.0"));
    }

    private static Round inParts(double reads, double fence) {
        Round round = round(reads + fence, reads + fence, 0);
        List<Step> parts = List.of(new Step("reads", 0, reads), new Step("fence", reads, fence));
        return new Round(round.times().withHoldParts(parts), round.observed(), round.rows());
    }

    private static Round round(double longestMillis, double holdMillis, int failed) {
        CutoverTimes times = new CutoverTimes(
                holdMillis,
                List.of(new Step("pause", 0, holdMillis / 10), new Step("resume", holdMillis / 2, holdMillis / 2)));
        Latencies latencies = Latencies.of((long) (longestMillis * 1e6), 200_000L);
        return new Round(times, new Observed(latencies, failed, Optional.empty(), List.of()), new Rows(0, 0));
    }
}
