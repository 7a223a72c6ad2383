package dev.connectionregistry.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void fourFleetsInThreeProcessesAreMeasuredUnlessSomethingElseIsSaid() {
        assertThat(Options.parse())
                .isEqualTo(new Options(List.of(3, 50, 150, 300), 3, 1, 300, OptionalInt.empty(), OptionalInt.empty()));
    }

    @Test
    void everyOptionIsTaken() {
        Options options = Options.parse(
                "--quick",
                "--instances",
                "7,5",
                "--processes",
                "2",
                "--pool",
                "4",
                "--rate",
                "50",
                "--old-major",
                "13",
                "--new-major",
                "17");

        assertThat(options).isEqualTo(new Options(List.of(7, 5), 2, 4, 50, OptionalInt.of(13), OptionalInt.of(17)));
        assertThat(options.most()).isEqualTo(7);
    }

    @Test
    void serversHaveRoomForThePoolsAndTheSignalsOfTheLargestFleet() {
        assertThat(Options.parse("--instances", "3,300", "--pool", "2").connections())
                .isGreaterThanOrEqualTo(300 * 2 + 300 * 2);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--instances", "3,0"))
                .withMessage("--instances is '0'; allowed are 1 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--instances", "3,"))
                .withMessage("--instances is ''; allowed are 1 to 1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--instances", "1,2,3,4,5,6,7,8,9,10,11"))
                .withMessage("--instances has 11 sizes; allowed are 10 at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--instances"))
                .withMessage("--instances wants a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds"))
                .withMessage("'--rounds' is not understood");
    }
}
