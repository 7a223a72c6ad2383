package dev.connectionregistry.samples.fleet.show;

import static dev.connectionregistry.samples.fleet.measure.Samples.SOURCE;
import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldViewTest {
    private static final CutoverSteps STEPS = new CutoverSteps(List.of(
            new Step("await ready", 0, 1_000_000, true),
            new Step("hold", 1_000_000, 10_000, true),
            new Step("fence", 1_010_000, 0, true),
            new Step("switch", 1_010_500, 9_500, true),
            new Step("await active", 1_020_000, 20_000, true)));

    private static final Map<String, List<Status>> STATUSES = Map.of(
            "checkout/1",
            List.of(
                    new Status(500_000, 2, SOURCE, "READY"),
                    new Status(1_005_000, 2, SOURCE, "HOLDING"),
                    new Status(1_008_000, 2, SOURCE, "HELD"),
                    new Status(1_060_000, 4, TARGET, "ACTIVE")));

    static HoldView sample() {
        return HoldView.of(STEPS, 20, List.of(done(Work.READ, 1_000_000, 65_000, TARGET)), STATUSES, TARGET)
                .orElseThrow();
    }

    @Test
    void reachesFromBeforeTheFirstCallerWaitsToAfterTheLastInstanceMoved() {
        HoldView hold = sample();

        assertThat(hold.holdMicros()).isEqualTo(1_000_000);
        assertThat(hold.releaseMicros()).isEqualTo(1_020_000);
        assertThat(hold.timeline().startMicros()).isEqualTo(950_000);
        assertThat(hold.endMicros()).isEqualTo(1_110_000);
        assertThat(hold.timeline().slices().get(11).latency().maximum()).isEqualTo(65_000);
    }

    @Test
    void isNotThereWhenTheCutoverNeverHeldAnybody() {
        CutoverSteps refused = new CutoverSteps(List.of(new Step("check", 0, 1, false)));

        assertThat(HoldView.of(refused, -1, List.of(), STATUSES, TARGET)).isEmpty();
        assertThat(HoldBars.lines(refused.holdAndRelease(), terminal(80))).isEmpty();
    }

    @Test
    void drawsEveryStepAndEveryStateOfTheHold() {
        HoldCharts charts = new HoldCharts(sample());

        assertThat(charts.steps())
                .contains(
                        ">hold<",
                        ">fence<",
                        ">switch<",
                        ">await active<",
                        ">10 ms<",
                        ">&lt;1 ms<",
                        ">0 ms<",
                        ">-50 ms<")
                .doesNotContain("await ready");
        assertThat(charts.instances())
                .contains("lane-ready", "lane-holding", "lane-held", "lane-new", "held on the source, from 8 ms");
        assertThat(charts.latency()).contains("class=\"longest\"");
    }

    @Test
    void drawsABarForEachStepThatFitsTheTerminal() {
        List<String> lines = HoldBars.lines(STEPS.holdAndRelease(), terminal(50)).stream()
                .map(line -> line.render(Integer.MAX_VALUE, false))
                .toList();

        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(50).contains("#"));
        assertThat(lines.get(0)).startsWith("  hold             10 ms  #");
        assertThat(lines.get(1)).startsWith("  fence            <1 ms  ").endsWith(" #");
        assertThat(lines.get(3)).endsWith("############");
    }

    private static Terminal terminal(int columns) {
        return new Terminal(true, false, false, columns, 24);
    }
}
