package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.core.internal.util.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/**
 * Rows under headings, limited in width: first the least important columns are left out, which a last line says, then
 * the widest are cut. Widths are counted in terminal columns: a Chinese, Japanese or Korean character takes two. Not
 * thread-safe.
 */
public final class TextTable {
    private static final String GAP = "  ";
    /** All characters before it take one column. */
    private static final int FIRST_WIDE = 0x1100;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * A column.
     *
     * @param heading its name
     * @param least how narrow it may become
     * @param weight the column with the smallest weight is left out first
     */
    public record Column(String heading, int least, int weight) {}

    /**
     * A piece of text.
     *
     * @param text without control characters
     * @param tone its colour
     */
    public record Cell(String text, Tone tone) {
        /** Removes control characters, which could move the cursor. */
        public Cell {
            text = printable(text);
        }

        /** In the ordinary tone. */
        public static Cell of(Object value) {
            return new Cell(String.valueOf(value), Tone.PLAIN);
        }
    }

    /** A table with these columns and no rows. */
    public TextTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Puts {@code text} on one line, without anything that could move the cursor or deceive. */
    public static String printable(String text) {
        return Printable.line(text);
    }

    /** How many columns of a terminal {@code text} takes. */
    public static int width(String text) {
        return text.codePoints().map(TextTable::width).sum();
    }

    private static int width(int character) {
        if (character < FIRST_WIDE) {
            return 1;
        }
        return Character.isSupplementaryCodePoint(character) // emoji, and rare Chinese
                ? 2
                : Ansi.OFF.new Text(Character.toString(character)).getCJKAdjustedLength();
    }

    /** Limits {@code text} to {@code width} columns; a text that was cut ends in {@code ~}. */
    public static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        return width <= 0 ? "" : text.substring(0, fitting(text, width - 1)) + "~";
    }

    /** How many characters of {@code text} fit into this many columns; no character is split. */
    private static int fitting(String text, int width) {
        int end = 0;
        int room = width;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            room -= width(text.substring(end, next));
            if (room < 0) {
                break;
            }
            end = next;
        }
        return end;
    }

    /**
     * Wraps {@code text} into lines of at most {@code width} columns, at spaces if there are any; indents all but the
     * first.
     */
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        String indent = "";
        while (indent.length() + width(rest) > Math.max(width, 20)) {
            int room = fitting(rest, Math.max(width, 20) - indent.length());
            int space = rest.lastIndexOf(' ', room);
            int end = space > room / 2 ? space : room;
            lines.add(indent + rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
            indent = "  ";
        }
        lines.add(indent + rest);
        return lines;
    }

    /** Adds a row; one cell for each column. */
    public TextTable row(Cell... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The heading and the rows, each at most {@code width} characters wide (escape sequences not counted). */
    public List<String> lines(int width, boolean colored) {
        List<Integer> shown = shown(width);
        int[] widths = widths(shown, width);
        List<String> lines = new ArrayList<>();
        lines.add(line(shown, widths, heading(), colored));
        rows.forEach(row -> lines.add(line(shown, widths, row, colored)));
        if (shown.size() < columns.size()) {
            lines.add(Tone.FAINT.paint(cut(leftOut(shown), width), colored));
        }
        return lines;
    }

    private String leftOut(List<Integer> shown) {
        return "not shown: "
                + IntStream.range(0, columns.size())
                        .filter(index -> !shown.contains(index))
                        .mapToObj(index -> columns.get(index).heading())
                        .collect(Collectors.joining(", "));
    }

    private List<Cell> heading() {
        return columns.stream()
                .map(column -> new Cell(column.heading(), Tone.BOLD))
                .toList();
    }

    private List<Integer> shown(int width) {
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        while (shown.size() > 1 && leastWidth(shown) > width) {
            shown.remove(shown.stream()
                    .min(Comparator.comparingInt(index -> columns.get(index).weight()))
                    .orElseThrow());
        }
        return shown;
    }

    private int leastWidth(List<Integer> shown) {
        return gaps(shown)
                + shown.stream()
                        .mapToInt(index -> Math.min(columns.get(index).least(), natural(index)))
                        .sum();
    }

    private static int gaps(List<Integer> shown) {
        return GAP.length() * (shown.size() - 1);
    }

    private int natural(int index) {
        return Math.max(
                width(columns.get(index).heading()),
                rows.stream()
                        .mapToInt(row -> width(row.get(index).text()))
                        .max()
                        .orElse(0));
    }

    private int[] widths(List<Integer> shown, int width) {
        int[] widths = shown.stream().mapToInt(this::natural).toArray();
        int tooMuch = IntStream.of(widths).sum() + gaps(shown) - width;
        while (tooMuch > 0) {
            int widest = widest(shown, widths);
            if (widest < 0) {
                break;
            }
            widths[widest]--;
            tooMuch--;
        }
        return widths;
    }

    private int widest(List<Integer> shown, int[] widths) {
        int widest = -1;
        for (int position = 0; position < widths.length; position++) {
            boolean canShrink =
                    widths[position] > columns.get(shown.get(position)).least();
            if (canShrink && (widest < 0 || widths[position] > widths[widest])) {
                widest = position;
            }
        }
        return widest;
    }

    private static String line(List<Integer> shown, int[] widths, List<Cell> cells, boolean colored) {
        StringBuilder line = new StringBuilder();
        for (int position = 0; position < widths.length; position++) {
            Cell cell = cells.get(shown.get(position));
            String text = cut(cell.text(), widths[position]);
            boolean last = position == widths.length - 1;
            line.append(cell.tone().paint(text, colored));
            line.append(last ? "" : " ".repeat(widths[position] - width(text)) + GAP);
        }
        return line.toString().stripTrailing();
    }
}
