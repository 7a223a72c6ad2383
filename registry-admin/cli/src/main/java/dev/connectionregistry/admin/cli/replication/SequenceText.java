package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.replication.Sequences.SequenceStanding;
import dev.connectionregistry.admin.server.SequenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sequences as text. Pure. */
public final class SequenceText {
    private static final List<Column> COLUMNS = List.of(
            new Column("SEQUENCE", 16, 100),
            new Column("", 6, 95),
            new Column("SOURCE", 8, 90),
            new Column("TARGET", 8, 80),
            new Column("BOUNDS", 8, 20));

    private SequenceText() {}

    /** The sequences that aren't as they should be, or {@code all}, and a count of each kind. */
    public static List<String> lines(List<SequenceStanding> standings, boolean all, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        TextTable table = new TextTable(COLUMNS);
        List<SequenceStanding> shown = standings.stream()
                .filter(each -> all || !each.standing().isGood())
                .toList();
        shown.forEach(each -> table.row(
                Cell.of(each.name()),
                new Cell(word(each), each.standing().isGood() ? Tone.GOOD : Tone.BAD),
                Cell.of(state(each.source())),
                Cell.of(each.target().map(SequenceText::state).orElse("-")),
                Cell.of(each.bounds())));
        if (!shown.isEmpty()) {
            lines.addAll(table.lines(width, colored));
        }
        long good = standings.stream().filter(each -> each.standing().isGood()).count();
        lines.add(good + " of " + standings.size() + " sequences are right on the target"
                + (all || shown.size() == standings.size() ? "" : " (--all shows each)"));
        return lines;
    }

    private static String word(SequenceStanding each) {
        return each.standing().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String state(SequenceState state) {
        return state.lastValue() + (state.called() ? "" : " (next)");
    }
}
