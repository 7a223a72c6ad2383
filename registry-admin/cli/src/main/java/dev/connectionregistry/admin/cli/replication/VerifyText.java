package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.replication.verify.KeyFormat;
import dev.connectionregistry.admin.replication.verify.TableVerdict;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.replication.verify.VerifyReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The result of verifying, as text. Keys only; contents of rows are never shown. Pure. */
public final class VerifyText {
    private static final List<Column> COLUMNS = List.of(
            new Column("TABLE", 16, 100),
            new Column("VERDICT", 9, 95),
            new Column("SOURCE ROWS", 6, 80),
            new Column("TARGET ROWS", 6, 75),
            new Column("CONTENTS", 5, 60),
            new Column("TOOK", 5, 40));

    private VerifyText() {}

    /** A row for each table, then notes on the tables, and finally the summary. */
    public static List<String> lines(VerifyReport report, int width, boolean colored) {
        TextTable table = new TextTable(COLUMNS);
        report.tables().forEach(each -> row(table, each));
        List<String> lines = new ArrayList<>(table.lines(width, colored));
        report.tables().forEach(each -> lines.addAll(details(each, width, colored)));
        report.notes().forEach(each -> lines.addAll(TextTable.wrap(TextTable.printable("note: " + each), width)));
        if (report.count(Result.DIFFERENT) > 0) {
            lines.add("only keys are shown, not the contents of rows");
        }
        lines.addAll(TextTable.wrap(sum(report), width).stream()
                .map(each -> tone(report).paint(each, colored))
                .toList());
        return lines;
    }

    /** What to do about differences, and how to verify again; empty if everything is equal. */
    public static String next(VerifyReport report, CommandText commands) {
        String again = commands.command("replication verify " + pair(report));
        if (report.count(Result.DIFFERENT) > 0 && report.waitedFor().isEmpty()) {
            return "if nothing has replicated to the target yet, begin with "
                    + commands.command("replication plan " + pair(report))
                    + "; otherwise fix the rows that differ by their keys, then " + again;
        }
        if (report.count(Result.DIFFERENT) > 0) {
            return "a row that is only on the target: delete it there; one that is missing or changed: bring it from the source by"
                    + " its key; a whole table: replication stop, TRUNCATE it on the target, replication start; then "
                    + again;
        }
        return report.count(Result.NOT_COMPARED) > 0 ? "fix what prevents the comparison, then " + again : "";
    }

    private static String pair(VerifyReport report) {
        return report.pair().database() + " --target "
                + ShellWord.of(report.pair().target().endpoint())
                + report.pair().adminWords();
    }

    private static void row(TextTable table, TableVerdict each) {
        table.row(
                Cell.of(each.table()),
                new Cell(word(each.result()), tone(each.result())),
                Cell.of(count(each.sourceRows())),
                Cell.of(count(each.targetRows())),
                Cell.of(each.compared().isEmpty() ? "-" : each.compared()),
                Cell.of(time(each.took())));
    }

    static String word(Result result) {
        return switch (result) {
            case EQUAL -> "equal";
            case DIFFERENT -> "DIFFERENT";
            case NOT_COMPARED -> "NOT COMPARED";
        };
    }

    private static Tone tone(Result result) {
        return switch (result) {
            case EQUAL -> Tone.GOOD;
            case DIFFERENT -> Tone.BAD;
            case NOT_COMPARED -> Tone.WARN;
        };
    }

    private static Tone tone(VerifyReport report) {
        return report.count(Result.DIFFERENT) > 0
                ? Tone.BAD
                : report.count(Result.NOT_COMPARED) > 0 ? Tone.WARN : Tone.GOOD;
    }

    private static String count(OptionalLong rows) {
        return rows.isPresent() ? String.valueOf(rows.getAsLong()) : "-";
    }

    private static String time(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    private static List<String> details(TableVerdict each, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        if (!each.reason().isEmpty()) {
            lines.addAll(wrapped(each.table() + ": " + each.reason(), width, tone(each.result()), colored));
        }
        if (each.differing() > 0) {
            String how = each.more() ? "at least " : "";
            lines.addAll(wrapped(
                    each.table() + ": " + how + Plural.of(each.differing(), "row differs", "rows differ")
                            + (each.differing() > each.differences().size() ? ", such as" : "") + ":",
                    width,
                    Tone.BAD,
                    colored));
            each.differences()
                    .forEach(one -> lines.addAll(TextTable.wrap(
                            TextTable.printable("  " + KeyFormat.of(each.keyColumns(), one.key()) + " "
                                    + one.kind().words()),
                            width)));
        }
        return lines;
    }

    private static List<String> wrapped(String text, int width, Tone tone, boolean colored) {
        return TextTable.wrap(TextTable.printable(text), width).stream()
                .map(line -> tone.paint(line, colored))
                .toList();
    }

    private static String sum(VerifyReport report) {
        return "verified " + report.pair().database() + ", "
                + report.pair().source().endpoint() + " and "
                + report.pair().target().endpoint() + ": " + report.count(Result.EQUAL) + " of "
                + report.tables().size() + " tables equal, " + report.count(Result.DIFFERENT) + " different, "
                + report.count(Result.NOT_COMPARED) + " not compared; "
                + (report.waitedFor().isEmpty() ? "as they stand" : "following " + report.waitedFor())
                + "; sample seed "
                + report.seed() + ", " + time(report.took());
    }
}
