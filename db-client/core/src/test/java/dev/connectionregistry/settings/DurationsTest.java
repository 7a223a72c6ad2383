package dev.connectionregistry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "200ms, PT0.2S",
        "1s, PT1S",
        "1.5s, PT1.5S",
        "5m, PT5M",
        "1h, PT1H",
        "1d, PT24H",
        "1m30s, PT1M30S",
        "' 1 S ', PT1S",
        "PT30S, PT30S",
        "pt0.05s, PT0.05S",
        "P1D, PT24H",
        "0s, PT0S",
        "1us, PT0.000001S",
        "7ns, PT0.000000007S",
    })
    void readsWhatPeopleWrite(String text, Duration expected) {
        assertThat(Durations.parse("interval", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "5",
                "s",
                "5 minutes",
                "-5s",
                "1s-",
                "1s 2",
                "1,5s",
                "PT-5S",
                "P",
                "1e3s",
                "99999999999d"
            })
    void refusesAnythingElseNamingIt(String text) {
        assertThatThrownBy(() -> Durations.parse("interval", text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("interval is '" + text + "'")
                .hasMessageContaining("30s");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT1M30S, 1m30s", "PT0.25S, 250ms", "PT48H, 48h", "PT1.000001S, 1s1us", "PT-1S, -1s"})
    void writesTheShortForm(Duration duration, String text) {
        assertThat(Durations.text(duration)).isEqualTo(text);
    }

    @Test
    void readsBackWhatItWrote() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 62)));
            assertThat(Durations.parse("interval", Durations.text(duration)))
                    .as("seed %d", seed)
                    .isEqualTo(duration);
        }
    }
}
