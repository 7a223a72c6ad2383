package dev.connectionregistry.admin.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluralTest {
    @ParameterizedTest
    @CsvSource({
        "0, table, 0 tables",
        "1, table, 1 table",
        "2, small table, 2 small tables",
        "1, index, 1 index",
        "3, index, 3 indexes",
        "2, copy, 2 copies"
    })
    void countsWhatThereIs(long number, String noun, String text) {
        assertThat(Plural.of(number, noun)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 1 row differs", "2, 2 rows differ"})
    void takesTheVerbWithIt(long number, String text) {
        assertThat(Plural.of(number, "row differs", "rows differ")).isEqualTo(text);
    }

    @Test
    void namesSomeOfManyAndSaysHowManyThereAreBesides() {
        assertThat(Plural.some(List.of("a", "b", "c"), 3, ", ")).isEqualTo("a, b, c");
        assertThat(Plural.some(List.of("a", "b", "c"), 1, ", ")).isEqualTo("a and 2 more");
        assertThat(Plural.some(List.of(), 1, ", ")).isEmpty();
    }
}
