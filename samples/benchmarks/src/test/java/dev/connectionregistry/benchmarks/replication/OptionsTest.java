package dev.connectionregistry.benchmarks.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void readsWhatIsGivenAndKeepsTheRest() {
        assertThat(Options.parse()).isEqualTo(new Options(200, 3, OptionalInt.empty(), OptionalInt.empty()));
        assertThat(Options.parse("--megabytes", "1000", "--new-major", "17"))
                .isEqualTo(new Options(1000, 3, OptionalInt.empty(), OptionalInt.of(17)));
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> Options.parse("--megabytes", "0")).hasMessageContaining("1 to 100000");
        assertThatThrownBy(() -> Options.parse("--rounds")).hasMessageContaining("--rounds wants a value");
        assertThatThrownBy(() -> Options.parse("--quick")).hasMessageContaining("'--quick'");
    }
}
