package dev.connectionregistry.benchmarks.onramps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.benchmarks.cutover.Arguments;
import org.junit.jupiter.api.Test;

class OnRampsBenchmarkTest {
    @Test
    void readsTheNumberOfRounds() {
        assertThat(OnRampsBenchmark.rounds(new Arguments())).isEqualTo(21);
        assertThat(OnRampsBenchmark.rounds(new Arguments("--rounds", "3"))).isEqualTo(3);
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> OnRampsBenchmark.rounds(new Arguments("--rounds", "0")))
                .hasMessage("--rounds is '0'; allowed are 1 to 1000");
        assertThatThrownBy(() -> OnRampsBenchmark.rounds(new Arguments("--fast")))
                .hasMessage("'--fast' is not understood");
    }
}
