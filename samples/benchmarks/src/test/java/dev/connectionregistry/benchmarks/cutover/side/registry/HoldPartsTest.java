package dev.connectionregistry.benchmarks.cutover.side.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.status.DataSourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldPartsTest {
    private static final Instant START = Instant.parse("2026-11-22T03:00:00Z");
    private static final Duration HELD = Duration.ofMillis(90);

    @Test
    void thePartsFollowEachOtherToTheLastInstance() {
        List<Step> parts = HoldParts.of(HELD, began(), List.of(witness(20, 25, 100), witness(18, 30, 104)));

        double end = 0;
        for (Step part : parts) {
            assertThat(part.startedMillis()).as(part.name()).isEqualTo(end, within(0.001));
            end += part.tookMillis();
        }
        assertThat(end).isEqualTo(104, within(0.001));
        assertThat(parts).extracting(Step::tookMillis).startsWith(10.0, 10.0, 10.0, 10.0);
    }

    @Test
    void whoReadsBeforeTheWriterHasItsAnswerTookNoTime() {
        List<Step> parts = HoldParts.of(HELD, began(), List.of(witness(9, 30, 100)));

        assertThat(parts.get(1).tookMillis()).isZero();
        assertThat(parts.get(2)).isEqualTo(new Step("nothing is in use there any more", 10, 20));
    }

    @Test
    void aStepThatIsMissingIsNamed() {
        Map<String, Instant> began = began();
        began.remove("prove");

        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> HoldParts.of(HELD, began, List.of(witness(20, 25, 100))))
                .withMessageContaining("'prove'");
    }

    private static Map<String, Instant> began() {
        Map<String, Instant> began = new HashMap<>();
        List<String> steps = new ArrayList<>(
                List.of("await-held", "fence", "prove", "barrier", "sequences", "verify", "switch", "switch written"));
        long[] millis = {10, 40, 45, 60, 63, 70, 80, 90};
        for (int i = 0; i < steps.size(); i++) {
            began.put(steps.get(i), START.plusMillis(millis[i]));
        }
        return began;
    }

    private static Witness witness(long holding, long held, long active) {
        Witness witness = new Witness();
        DataSourceStatus ready = status(InstanceState.READY, 0);
        DataSourceStatus closing = status(InstanceState.HOLDING, holding);
        DataSourceStatus empty = status(InstanceState.HELD, held);
        witness.changed(ready, closing);
        witness.changed(closing, empty);
        witness.changed(empty, status(InstanceState.ACTIVE, active));
        return witness;
    }

    private static DataSourceStatus status(InstanceState state, long millis) {
        return new DataSourceStatus(
                new DatabaseName("orders"),
                "service",
                "instance",
                state,
                1,
                1,
                1,
                Optional.empty(),
                Optional.empty(),
                START.plusMillis(millis),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Optional.empty(),
                Optional.empty(),
                PoolFigures.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
