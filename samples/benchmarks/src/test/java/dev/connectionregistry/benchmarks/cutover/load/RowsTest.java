package dev.connectionregistry.benchmarks.cutover.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowsTest {
    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @Test
    void whatWasAcknowledgedAndIsNotThereIsLost() {
        assertThat(Rows.compare(List.of(first, second), Map.of(second, 1), 0)).isEqualTo(new Rows(1, 0));
    }

    @Test
    void whatIsThereMoreThanOnceIsDoubled() {
        assertThat(Rows.compare(List.of(first), Map.of(first, 3), 4)).isEqualTo(new Rows(0, 6));
    }

    @Test
    void whatIsThereWithoutAnAcknowledgementIsNeither() {
        assertThat(Rows.compare(List.of(first), Map.of(first, 1, second, 1), 0)).isEqualTo(new Rows(0, 0));
    }
}
