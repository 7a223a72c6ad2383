package dev.connectionregistry.benchmarks.fill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void readsWhatIsGivenAndKeepsTheRest() {
        assertThat(Options.parse()).isEqualTo(new Options(List.of(10, 50), 10, OptionalInt.empty()));
        assertThat(Options.parse("--size", "20", "--rounds", "3", "--major", "17"))
                .isEqualTo(new Options(List.of(20), 3, OptionalInt.of(17)));
    }

    @Test
    void namesWhatItDoesNotUnderstand() {
        assertThatThrownBy(() -> Options.parse("--size", "0")).hasMessage("--size is '0'; allowed are 1 to 90");
        assertThatThrownBy(() -> Options.parse("--rounds")).hasMessage("--rounds wants a value");
        assertThatThrownBy(() -> Options.parse("--major", "x")).hasMessage("--major is 'x'; allowed are 11 to 99");
        assertThatThrownBy(() -> Options.parse("--fast")).hasMessage("'--fast' is not understood");
    }
}
