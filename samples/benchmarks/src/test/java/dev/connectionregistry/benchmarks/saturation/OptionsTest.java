package dev.connectionregistry.benchmarks.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void readsWhatIsGivenAndKeepsTheRest() {
        assertThat(Options.parse().threads()).isEqualTo(2000);
        assertThat(Options.parse("--quick", "--threads", "500").threads()).isEqualTo(500);
        assertThat(Options.parse("--quick").rounds()).isLessThan(Options.parse().rounds());
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> Options.parse("--threads", "1")).hasMessageContaining("100 to 10000");
        assertThatThrownBy(() -> Options.parse("--threads")).hasMessageContaining("'--threads'");
        assertThatThrownBy(() -> Options.parse("--fast")).hasMessageContaining("'--fast'");
    }
}
