package dev.connectionregistry.benchmarks.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void sixRoundsOfBothAreMeasuredUnlessSomethingElseIsSaid() {
        assertThat(Options.parse()).isEqualTo(new Options(6, OptionalInt.empty(), OptionalInt.empty(), 1_000));
    }

    @Test
    void everyOptionIsTaken() {
        assertThat(Options.parse("--quick").rounds()).isEqualTo(2);
        assertThat(Options.parse("--rounds", "20", "--old-major", "13", "--new-major", "17", "--rate", "50"))
                .isEqualTo(new Options(20, OptionalInt.of(13), OptionalInt.of(17), 50));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds", "101"))
                .withMessage("--rounds is '101'; allowed are 1 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--only", "group"))
                .withMessage("'--only' is not understood");
    }
}
