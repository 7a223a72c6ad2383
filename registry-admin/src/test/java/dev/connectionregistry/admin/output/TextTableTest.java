package dev.connectionregistry.admin.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.output.TextTable.Cell;
import dev.connectionregistry.admin.output.TextTable.Column;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {
    @ParameterizedTest
    @ValueSource(ints = {8, 20, 30, 60, 200})
    void isNeverWiderThanItMayBe(int width) {
        TextTable table = new TextTable(
                        List.of(new Column("NAME", 6, 3), new Column("ENDPOINT", 10, 2), new Column("POLL", 4, 1)))
                .row(Cell.of("a-rather-long-name"), Cell.of("db.example.internal:5432/orders"), Cell.of("30s"));
        assertThat(table.lines(width, false))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u001b[2Jb", "a\nb", "a\r\nb"})
    void letsNoTextMoveTheCursor(String text) {
        assertThat(Cell.of(text).text()).doesNotContain("\u001b", "\n", "\r");
    }
}
