package dev.connectionregistry.benchmarks.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.benchmarks.cutover.Results;
import dev.connectionregistry.benchmarks.cutover.Round;
import dev.connectionregistry.benchmarks.cutover.load.Latencies;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void theLastLineHasTheMediansOfTheHolds() {
        Report report = new Report(
                Results.of(List.of(round(80, 0, 0, 0), round(60, 0, 0, 0), round(64.6, 0, 0, 0))),
                Results.of(List.of(round(90, 0, 0, 0), round(70, 0, 0, 0))));

        List<String> lines = report.lines();

        assertThat(lines.get(lines.size() - 1)).isEqualTo("group one_ms=65 group_ms=80 failed=0");
        assertThat(lines.get(0)).contains("one name", "3 names, 2 databases");
    }

    @Test
    void failedStatementsAndLostAndDoubledRowsOfAllRoundsAreCounted() {
        Report report = new Report(
                Results.of(List.of(round(60, 1, 0, 0), round(60, 0, 20, 0))),
                Results.of(List.of(round(70, 0, 0, 300))));

        assertThat(report.failed()).isEqualTo(321);
        assertThat(report.lines()).last().asString().endsWith(" failed=321");
    }

    private static Round round(double holdMillis, int failed, int lost, int doubled) {
        return new Round(
                new CutoverTimes(holdMillis, List.of(new Step("fence", 0, holdMillis))),
                new Observed(Latencies.of(200_000L), failed, Optional.empty(), List.of()),
                new Rows(lost, doubled));
    }
}
