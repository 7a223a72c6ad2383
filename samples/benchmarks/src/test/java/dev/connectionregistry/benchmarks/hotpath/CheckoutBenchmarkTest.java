package dev.connectionregistry.benchmarks.hotpath;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** Whether the benchmark can run at all; nothing is timed. */
class CheckoutBenchmarkTest {
    @Test
    void hikariAloneServesOneOperation() {
        CheckoutBenchmark.Hikari state = new CheckoutBenchmark.Hikari();
        state.fillPool();
        try {
            assertThatCode(() -> new CheckoutBenchmark().hikari(state)).doesNotThrowAnyException();
        } finally {
            state.close();
        }
    }

    @Test
    void registryDataSourceServesOneOperation() {
        CheckoutBenchmark.Registry state = new CheckoutBenchmark.Registry();
        state.fillPool();
        try {
            assertThatCode(() -> new CheckoutBenchmark().registry(state)).doesNotThrowAnyException();
        } finally {
            state.close();
        }
    }
}
