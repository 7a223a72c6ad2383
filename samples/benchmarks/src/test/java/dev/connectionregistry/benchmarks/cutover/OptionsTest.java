package dev.connectionregistry.benchmarks.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void fiveRoundsOfBothAreMeasuredUnlessSomethingElseIsSaid() {
        assertThat(Options.parse())
                .isEqualTo(new Options(5, Contender.ALL, OptionalInt.empty(), OptionalInt.empty(), 1_000));
    }

    @Test
    void everyOptionIsTaken() {
        Options options = Options.parse(
                "--quick", "--only", "pgbouncer", "--old-major", "17", "--new-major", "18", "--rate", "50");

        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.contenders()).containsExactly(Contender.PGBOUNCER);
        assertThat(options.sourceMajor()).hasValue(17);
        assertThat(options.targetMajor()).hasValue(18);
        assertThat(options.rate()).isEqualTo(50);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds", "0"))
                .withMessage("--rounds is '0'; allowed are 1 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds", "many"))
                .withMessage("--rounds is 'many'; allowed are 1 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds"))
                .withMessage("--rounds wants a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--only", "theirs"))
                .withMessage("--only is 'theirs'; allowed are ours and pgbouncer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--fast"))
                .withMessage("'--fast' is not understood");
    }
}
