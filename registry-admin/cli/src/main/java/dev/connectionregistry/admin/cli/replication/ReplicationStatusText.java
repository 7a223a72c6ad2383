package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.status.ReplicationFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import dev.connectionregistry.admin.replication.status.StatusReport;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The state of replication, as text. Pure. */
public final class ReplicationStatusText {
    private static final List<Column> SUBSCRIPTIONS = List.of(
            new Column("SUBSCRIPTION", 20, 100),
            new Column("STATE", 8, 95),
            new Column("SLOT", 8, 60),
            new Column("LAG", 6, 90),
            new Column("DELAY", 5, 80),
            new Column("RETAINED", 8, 70),
            new Column("LOG", 8, 40),
            new Column("ROOM", 6, 30),
            new Column("ERRORS", 6, 50),
            new Column("MADE BY", 6, 20));
    private static final List<Column> TABLES = List.of(
            new Column("TABLE", 12, 100),
            new Column("STATE", 8, 90),
            new Column("COPIED", 6, 80),
            new Column("SUBSCRIPTION", 12, 50));
    private static final int FEW = 20;

    private ReplicationStatusText() {}

    /**
     * The lines, at most {@code width} columns wide, except commands, which are meant to be pasted. With more than
     * twenty tables, shows only those that don't follow, unless {@code all}.
     */
    public static List<String> lines(StatusReport report, boolean all, int width, boolean colored) {
        return lines(report, all, width, colored, Problem::isCommand);
    }

    /** As {@link #lines}, with every line at most {@code width} wide, for a picture that is redrawn. */
    public static List<String> picture(StatusReport report, boolean all, int width, boolean colored) {
        return lines(report, all, width, colored, problem -> false);
    }

    private static List<String> lines(
            StatusReport report, boolean all, int width, boolean colored, Predicate<Problem> whole) {
        ReplicationFacts facts = report.facts();
        List<String> lines = new ArrayList<>();
        lines.addAll(wrapped(headline(report), width, colored, Tone.BOLD));
        if (!facts.subscriptions().isEmpty()) {
            TextTable table = new TextTable(SUBSCRIPTIONS);
            facts.subscriptions().forEach(each -> subscription(table, each, report));
            lines.addAll(table.lines(width, colored));
        }
        lines.addAll(tables(facts, all, width, colored));
        report.problems().forEach(each -> lines.addAll(problem(each, width, colored, whole)));
        lines.add(report.healthy() ? Tone.GOOD.paint("healthy", colored) : Tone.BAD.paint("not healthy", colored));
        return lines;
    }

    private static String headline(StatusReport report) {
        return "replication of " + report.pair().database() + " from "
                + report.pair().source().endpoint() + " (" + report.facts().sourceVersion() + ") to "
                + report.pair().target().endpoint() + " (" + report.facts().targetVersion() + ")";
    }

    private static List<String> wrapped(String text, int width, boolean colored, Tone tone) {
        return TextTable.wrap(TextTable.printable(text), width).stream()
                .map(each -> tone.paint(each, colored))
                .toList();
    }

    private static void subscription(TextTable table, SubscriptionFacts each, StatusReport report) {
        Optional<SlotFacts> slot = report.facts().slotOf(each);
        table.row(
                Cell.of(each.name()),
                state(each),
                slot.map(one -> one.active() ? new Cell("in use", Tone.PLAIN) : new Cell("not in use", Tone.BAD))
                        .orElse(new Cell("none here", Tone.WARN)),
                Cell.of(slot.map(one -> size(one.behind())).orElse("-")),
                Cell.of(report.delay(each.slot())
                        .map(ReplicationStatusText::time)
                        .orElse("-")),
                Cell.of(slot.map(one -> size(one.retained())).orElse("-")),
                Cell.of(slot.map(SlotFacts::walStatus)
                        .filter(text -> !text.isEmpty())
                        .orElse("-")),
                Cell.of(slot.map(one -> size(one.safe())).orElse("-")),
                Cell.of(each.applyErrors().isEmpty() ? "-" : String.valueOf(each.errors())),
                Cell.of(report.ours().contains(each.name()) ? "us" : "others"));
    }

    private static Cell state(SubscriptionFacts each) {
        if (!each.enabled()) {
            return new Cell("disabled", Tone.BAD);
        }
        return each.worker() == 0 ? new Cell("no worker", Tone.BAD) : new Cell("at work", Tone.GOOD);
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent() ? ByteSize.text(bytes.getAsLong()) : "-";
    }

    private static String time(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        return seconds < 100 ? String.format(Locale.ROOT, "%.1f s", seconds) : time.toMinutes() + " min";
    }

    private static List<String> tables(ReplicationFacts facts, boolean all, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        boolean each = all || facts.tables().size() <= FEW;
        List<TableProgress> shown = facts.tables().stream()
                .filter(table -> each || table.state() != TableState.FOLLOWING)
                .sorted(Comparator.comparing(table -> table.state() == TableState.FOLLOWING))
                .toList();
        if (!shown.isEmpty()) {
            TextTable table = new TextTable(TABLES);
            shown.forEach(one -> table.row(
                    Cell.of(one.table()),
                    new Cell(one.state().words(), one.state() == TableState.FOLLOWING ? Tone.GOOD : Tone.WARN),
                    Cell.of(copied(one)),
                    Cell.of(one.subscription())));
            lines.add("");
            lines.addAll(table.lines(width, colored));
        }
        if (!facts.tables().isEmpty()) {
            lines.add("");
            lines.add((facts.tables().size() - facts.pending()) + " of "
                    + facts.tables().size() + " tables follow"
                    + (each || shown.size() == facts.tables().size() ? "" : " (--all shows each)"));
        }
        return lines;
    }

    private static String copied(TableProgress table) {
        return table.copiedBytes().isEmpty()
                ? "-"
                : size(table.copiedBytes()) + ", " + table.copiedRows().orElse(0) + " rows";
    }

    private static List<String> problem(Problem problem, int width, boolean colored, Predicate<Problem> whole) {
        List<String> lines = new ArrayList<>(wrapped(
                (problem.bad() ? "problem: " : "note: ") + problem.what(),
                width,
                colored,
                problem.bad() ? Tone.BAD : Tone.WARN));
        if (!problem.remedy().isEmpty()) {
            String next = "  next: " + TextTable.printable(problem.remedy());
            lines.addAll(whole.test(problem) ? List.of(next) : TextTable.wrap(next, width));
        }
        return lines;
    }

    /** The state as lines; if nothing can be redrawn, each new line is printed. */
    public static List<String> events(StatusReport report) {
        ReplicationFacts facts = report.facts();
        List<String> lines = new ArrayList<>();
        lines.add(TextTable.printable(headline(report)));
        facts.tables()
                .forEach(each -> lines.add(
                        TextTable.printable(each.table() + " " + each.state().words())));
        report.problems()
                .forEach(each -> lines.add(TextTable.printable((each.bad() ? "problem: " : "note: ")
                        + each.what().replaceAll("\\d+(\\.\\d+)? (bytes|kB|MB|GB|TB|s)\\b", "..."))));
        lines.add(report.healthy() ? "healthy" : "not healthy");
        return lines;
    }
}
