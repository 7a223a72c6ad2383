package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.postgres.SequencesEnd.Filling;
import dev.connectionregistry.admin.preflight.postgres.SequencesEnd.Position;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataJudgementsTest {
    @ParameterizedTest
    @CsvSource({
        "499999999, 0, PASS",
        "500000000, 0, WARN",
        "0, 500000000, WARN",
        "1600000000, 0, FAIL",
        "0, 1999999999, FAIL"
    })
    void judgesTheOlderOfBothKindsOfNumbers(long age, long multixactAge, Outcome outcome) {
        assertThat(DataChecks.wraparound(new DataChecks.Age("orders", age, multixactAge))
                        .outcome())
                .isEqualTo(outcome);
    }

    private static Finding judge(Filling sequence) {
        return new SequencesEnd(List.of(sequence), List.of(), "ops").judge();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 100, 74, PASS",
        "1, 1, 100, 80, WARN",
        "1, 1, 100, 97, FAIL",
        "-1, -100, -1, -97, FAIL",
        "-1, -100, -1, -5, PASS",
        "1, -9223372036854775808, 9223372036854775807, 0, PASS"
    })
    void judgesASequenceByWhatItHasLeftInItsDirection(
            long increment, long least, long most, long last, Outcome outcome) {
        Position position = new Position("s", increment, least, most, last, "the sequence");
        assertThat(judge(new Filling(position, List.of())).outcome()).isEqualTo(outcome);
    }

    @Test
    void passesASequenceThatWasNeverUsed() {
        assertThat(judge(new Filling(new Position("s", 1, 1, 100, null, "the sequence"), List.of()))
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }
}
