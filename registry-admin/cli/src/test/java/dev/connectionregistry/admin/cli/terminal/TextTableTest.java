package dev.connectionregistry.admin.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
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

    @Test
    void saysWhichColumnsAWiderTerminalWouldHave() {
        TextTable table = new TextTable(
                        List.of(new Column("NAME", 4, 3), new Column("READ", 4, 2), new Column("POLL", 4, 1)))
                .row(Cell.of("orders"), Cell.of("12"), Cell.of("30s"));
        assertThat(table.lines(20, false)).hasSize(2);
        assertThat(table.lines(15, false)).last().isEqualTo("not shown: POLL");
    }

    @Test
    void columnsStayStraightBehindWideCharacters() {
        TextTable table = new TextTable(List.of(new Column("TABLE", 4, 2), new Column("ROWS", 4, 1)))
                .row(Cell.of("注文"), Cell.of("1"))
                .row(Cell.of("orders"), Cell.of("2"))
                .row(Cell.of("a@|b"), Cell.of("3"));
        assertThat(table.lines(80, false)).containsExactly("TABLE   ROWS", "注文    1", "orders  2", "a@|b    3");
        assertThat(TextTable.cut("注文明細", 6)).isEqualTo("注文~");
        assertThat(TextTable.cut("a\uD83D\uDC18b", 3)).isEqualTo("a~");
        assertThat(TextTable.wrap("注".repeat(50), 40)).allMatch(line -> TextTable.width(line) <= 40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u001b[2Jb", "a\nb", "a\r\nb"})
    void letsNoTextMoveTheCursor(String text) {
        assertThat(Cell.of(text).text()).doesNotContain("\u001b", "\n", "\r");
    }

    @Test
    void wrapsAtSpacesAndLosesNothing() {
        String cause = "billing/c: version 40 can't be used: can't connect to 127.0.0.1:1/orders: refused";
        List<String> lines = TextTable.wrap(cause, 40);
        assertThat(lines).hasSizeGreaterThan(1).allMatch(line -> line.length() <= 40);
        assertThat(lines.stream().map(String::strip).collect(Collectors.joining(" ")))
                .isEqualTo(cause);
        assertThat(TextTable.wrap("short", 40)).containsExactly("short");
        assertThat(TextTable.wrap("x".repeat(100), 40)).allMatch(line -> line.length() <= 40);
    }
}
