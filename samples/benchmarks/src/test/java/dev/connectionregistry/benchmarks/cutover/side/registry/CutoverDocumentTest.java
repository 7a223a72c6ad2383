package dev.connectionregistry.benchmarks.cutover.side.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CutoverDocumentTest {
    @Test
    void aSwitchHasItsHoldAndItsSteps() {
        String text = "{\"outcome\":\"switched\",\"holdMillis\":84,\"steps\":["
                + "{\"step\":\"fence\",\"offsetMillis\":120,\"millis\":7,\"outcome\":\"done\",\"evidence\":\"read-only\"},"
                + "{\"step\":\"prove\",\"offsetMillis\":127,\"millis\":9,\"outcome\":\"done\",\"evidence\":\"alone\"}]}";

        assertThat(CutoverDocument.parse(text))
                .isEqualTo(new CutoverTimes(
                        84, List.of(new CutoverTimes.Step("fence", 120, 7), new CutoverTimes.Step("prove", 127, 9))));
    }

    @Test
    void stepsSayWhenTheyBegan() {
        String text = "{\"steps\":[{\"step\":\"fence\",\"startedAt\":\"2026-11-22T03:00:00.120345Z\"},"
                + "{\"step\":\"switch\",\"startedAt\":\"2026-11-22T03:00:00.170Z\",\"millis\":9}]}";

        assertThat(CutoverDocument.beginnings(text))
                .containsOnly(
                        Map.entry("fence", Instant.parse("2026-11-22T03:00:00.120345Z")),
                        Map.entry("switch", Instant.parse("2026-11-22T03:00:00.170Z")),
                        Map.entry("switch written", Instant.parse("2026-11-22T03:00:00.179Z")));
    }

    @Test
    void anotherOutcomeIsNoMeasurement() {
        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> CutoverDocument.parse("{\"outcome\":\"undone\",\"steps\":[]}"))
                .withMessage("the cutover's outcome is undone, not switched");
    }

    @Test
    void whatIsNotTheDocumentIsNamed() {
        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> CutoverDocument.parse("switched!"))
                .withMessageContaining("not JSON");
        assertThatExceptionOfType(BenchmarkException.class)
                .isThrownBy(() -> CutoverDocument.parse("{\"outcome\":\"switched\",\"steps\":[]}"))
                .withMessageContaining("no number 'holdMillis'");
    }
}
