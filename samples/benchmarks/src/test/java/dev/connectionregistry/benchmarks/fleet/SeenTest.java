package dev.connectionregistry.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.registry.InstanceState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SeenTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);

    private static final Seen FIRST = new Seen(
            12.5,
            0,
            "",
            List.of(ONE),
            Map.of(InstanceState.HELD, "2026-11-30T02:00:01Z", InstanceState.ACTIVE, "2026-11-30T02:00:03Z"),
            Map.of(100L, 5, 101L, 7),
            Map.of(100L, 1),
            30);
    private static final Seen SECOND = new Seen(
            9,
            2,
            "08006: gone",
            List.of(TWO),
            Map.of(InstanceState.ACTIVE, "2026-11-30T02:00:02Z"),
            Map.of(101L, 8),
            Map.of(103L, 4),
            31);

    @Test
    void oneLineTellsAllOfIt() {
        assertThat(FIRST.line()).doesNotContain("\n");
        assertThat(Seen.parse(FIRST.line())).isEqualTo(FIRST);
        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> Seen.parse("Exception in thread"))
                .withMessageContaining("Exception in thread");
    }

    @Test
    void whatSeveralSawIsTheirSumTheWorstAndTheLast() {
        Seen all = Seen.merge(List.of(FIRST, SECOND));

        assertThat(all.longestMillis()).isEqualTo(12.5);
        assertThat(all.failed()).isEqualTo(2);
        assertThat(all.firstFailure()).isEqualTo("08006: gone");
        assertThat(all.acknowledged()).containsExactly(ONE, TWO);
        assertThat(all.threads()).isEqualTo(61);
        assertThat(all.reads()).isEqualTo(Map.of(100L, 5, 101L, 15));
        assertThat(all.moments())
                .as("HELD is missing in one of them")
                .isEqualTo(Map.of(InstanceState.ACTIVE, Instant.parse("2026-11-30T02:00:03Z")));
    }

    @Test
    void theBusiestSecondIsOneOfTheCutover() {
        Map<Long, Integer> perSecond = Map.of(99L, 50, 100L, 5, 101L, 15, 103L, 20);

        assertThat(Seen.busiest(perSecond, Instant.ofEpochSecond(100, 900), Instant.ofEpochSecond(102)))
                .isEqualTo(15);
        assertThat(Seen.busiest(Map.of(), Instant.EPOCH, Instant.EPOCH)).isZero();
    }
}
