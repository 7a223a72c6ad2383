package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.postgres.SequenceReader.Definition;
import dev.connectionregistry.admin.server.SequenceState;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequencePositionsTest {
    @ParameterizedTest(name = "by {0} in {1}..{2}, source {4} {5}, now {6} {7}, margin {8}: {9} {10}")
    @CsvSource({
        // by, min, max, cycles, source, called, now, called, margin, wanted, called
        "1, 1, 1000, false, 7, true, 1, false, 0, 7, true",
        "1, 1, 1000, false, 7, false, 1, false, 0, 7, false",
        "1, 1, 1000, false, 7, true, 1, false, 10, 17, true",
        "1, 1, 1000, false, 7, false, 1, false, 10, 17, false",
        "3, 1, 1000, false, 7, true, 1, false, 10, 37, true",
        "1, 1, 1000, false, 7, true, 8, false, 0, 7, true", // both hand out 8 next
        "1, 1, 1000, false, 7, true, 8, true, 0, 8, true",
        "1, 1, 1000, false, 7, true, 12, true, 10, 17, true",
        "1, 1, 1000, false, 7, true, 18, true, 10, 18, true",
        "-2, -1000, -1, false, -7, true, -1, false, 10, -27, true",
        "-2, -1000, -1, false, -7, true, -99, true, 10, -99, true",
        "1, 1, 100, false, 95, true, 1, false, 10, 100, false",
        "1, 1, 100, false, 95, true, 1, false, 5, 100, false", // one must be left
        "1, 1, 100, false, 95, true, 1, false, 4, 99, true",
        "1, 1, 100, false, 100, true, 1, false, 10, 100, true", // nothing left, nothing given
        "1, 1, 100, false, 100, false, 1, false, 10, 100, false",
        "-1, -100, -1, false, -95, true, -1, false, 10, -100, false",
        "1, 1, 10, true, 3, true, 8, true, 5, 3, true",
        "1, 1, 9223372036854775807, false, 9223372036854775800, true, 1, false, 100, 9223372036854775807, false",
        "1, 1, 9223372036854775807, false, 9223372036854775807, true, 1, false, 0, 9223372036854775807, true",
    })
    void standsWhereNothingIsHandedOutTwiceAndNothingIsOutOfBounds(
            long by,
            long min,
            long max,
            boolean cycles,
            long source,
            boolean sourceCalled,
            long now,
            boolean nowCalled,
            long margin,
            long wanted,
            boolean wantedCalled) {
        SequencePositions targets = SequencePositions.of(
                List.of(new SequenceState("s", "q", source, sourceCalled)),
                margin,
                List.of(new Definition("s", "q", 1, by, min, max, cycles, min, max)),
                List.of(new SequenceState("s", "q", now, nowCalled)));
        assertThat(targets.problems()).isEmpty();
        assertThat(targets.targets())
                .extracting(SequencePositions.Target::state)
                .containsExactly(new SequenceState("s", "q", wanted, wantedCalled));
    }
}
