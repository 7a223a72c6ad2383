package dev.connectionregistry.samples.fleet.measure;

import static dev.connectionregistry.samples.fleet.measure.Samples.SOURCE;
import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static dev.connectionregistry.samples.fleet.measure.Samples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimelineTest {

    @Test
    void putsWorkIntoTheSliceInWhichItEnded() {
        Timeline timeline = Timeline.of(
                List.of(
                        done(Work.INSERT, 1_000_000, 99_999, SOURCE),
                        done(Work.TRANSACTION, 1_000_000, 100_000, TARGET),
                        failed(Work.READ, 1_200_000, 50_000),
                        done(Work.INSERT, 900_000, 99_999, SOURCE)),
                1_000_000,
                1_300_000,
                100_000,
                TARGET);

        assertThat(timeline.slices()).hasSize(3);
        assertThat(timeline.slices().get(0).onSource()).isEqualTo(1);
        assertThat(timeline.slices().get(1).onTarget()).isEqualTo(2);
        assertThat(timeline.slices().get(1).latency().maximum()).isEqualTo(100_000);
        assertThat(timeline.slices().get(2).failed()).isEqualTo(1);
    }

    @Test
    void hasASliceForTimesWithoutWork() {
        assertThat(Timeline.of(List.of(), 0, 250_000, 100_000, TARGET).slices())
                .hasSize(3)
                .allSatisfy(slice -> assertThat(slice.latency().maximum()).isZero());
    }

    @Test
    void findsPercentilesByRank() {
        Percentiles hundred = Percentiles.of(LongStream.rangeClosed(1, 100).map(i -> 101 - i));

        assertThat(hundred.at(50)).isEqualTo(50);
        assertThat(hundred.at(99)).isEqualTo(99);
        assertThat(hundred.maximum()).isEqualTo(100);
    }
}
