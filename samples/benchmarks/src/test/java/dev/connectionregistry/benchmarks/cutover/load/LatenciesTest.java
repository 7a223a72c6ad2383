package dev.connectionregistry.benchmarks.cutover.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void longestAndMedianAreFoundInWhatHasOutgrownItsFirstArray() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 10_000; i++) {
            latencies.add(i * 1_000L);
        }

        assertThat(latencies.size()).isEqualTo(10_000);
        assertThat(latencies.longestMillis()).isEqualTo(9.999);
        assertThat(latencies.medianMicros()).isEqualTo(5_000);
    }

    @Test
    void nothingHasNoMedian() {
        assertThatIllegalStateException().isThrownBy(new Latencies()::medianMicros);
        assertThat(new Latencies().longestMillis()).isZero();
    }
}
