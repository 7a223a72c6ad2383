package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.plan.BackfillText;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A replication's plan, as text and as a document. Pure. */
public final class ReplicationPlanText {
    private static final Duration YOUNG = Duration.ofDays(7);
    private static final List<Column> COLUMNS = List.of(
            new Column("TABLE", 16, 100),
            new Column("SIZE", 7, 90),
            new Column("TUPLES", 8, 80),
            new Column("WRITES", 11, 75),
            new Column("IDENTITY", 12, 70),
            new Column("METHOD", 10, 95),
            new Column("WHY", 12, 60));

    private ReplicationPlanText() {}

    /** The table, then what must be done first, what to know, and which rows a person must bring. */
    public static List<String> lines(ReplicationPlan plan, int width, boolean colored) {
        TextTable table = new TextTable(COLUMNS);
        plan.tables().forEach(each -> row(table, each));
        List<String> lines = new ArrayList<>(table.lines(width, colored));
        lines.add("");
        lines.addAll(TextTable.wrap(counting(plan), width));
        lines.addAll(TextTable.wrap(summary(plan), width));
        if (!plan.facts().extensionTables().isEmpty()) {
            lines.addAll(TextTable.wrap(TextTable.printable(plan.facts().leftToExtensions()), width));
        }
        for (PlannedTable each : plan.tables()) {
            paragraph(lines, "must be done first: ", each, each.problem(), Tone.BAD, width, colored);
            paragraph(lines, "note: ", each, each.note(), Tone.WARN, width, colored);
        }
        plan.by(CopyMethod.BACKFILL).forEach(each -> backfill(lines, plan, each, colored));
        return lines;
    }

    private static void row(TextTable table, PlannedTable each) {
        Tone tone = each.problem().isEmpty() ? Tone.PLAIN : Tone.BAD;
        table.row(
                new Cell(each.name().toString(), tone),
                Cell.of(ByteSize.text(each.facts().bytes())),
                Cell.of(String.format(Locale.ROOT, "%,d", each.facts().tuples())),
                Cell.of(each.facts().writes().pattern()),
                new Cell(each.facts().identityText(), tone),
                new Cell(each.methodText(), each.method() == CopyMethod.LEAVE_OUT ? Tone.FAINT : Tone.PLAIN),
                Cell.of(each.reason()));
    }

    private static void paragraph(
            List<String> lines, String prefix, PlannedTable table, String text, Tone tone, int width, boolean colored) {
        if (!text.isEmpty()) {
            TextTable.wrap(TextTable.printable(prefix + table.name() + ": " + text), width)
                    .forEach(line -> lines.add(tone.paint(line, colored)));
        }
    }

    private static void backfill(List<String> lines, ReplicationPlan plan, PlannedTable table, boolean colored) {
        lines.add("");
        lines.add(Tone.BOLD.paint(TextTable.printable("to bring the rows of " + table.name() + ":"), colored));
        BackfillText.commands(table.facts(), plan.names(), plan.source(), plan.target())
                .forEach(line -> lines.add(TextTable.printable("  " + line)));
    }

    private static String counting(ReplicationPlan plan) {
        return plan.facts()
                .counting()
                .map(age -> "The write patterns are from statistics of the last " + age(age)
                        + (age.compareTo(YOUNG) < 0
                                ? "; that is short: a table that is updated once a month may look append-only"
                                : ""))
                .orElse("The write patterns are from statistics that were never reset");
    }

    private static String age(Duration age) {
        return age.toDays() > 0 ? age.toDays() + " days" : Durations.text(Duration.ofSeconds(age.toSeconds()));
    }

    private static String summary(ReplicationPlan plan) {
        long bytes = plan.tables().stream()
                .filter(each -> each.method() != CopyMethod.LEAVE_OUT)
                .mapToLong(each -> each.facts().bytes())
                .sum();
        return "From " + plan.source() + " (Postgres " + plan.facts().sourceMajor() + ") to " + plan.target()
                + " (Postgres " + plan.facts().targetMajor() + "): " + ByteSize.text(bytes) + "; "
                + plan.by(CopyMethod.COPY).size() + " copied, "
                + plan.by(CopyMethod.SLICES).size() + " in slices, "
                + plan.by(CopyMethod.BACKFILL).size() + " to be filled in later, "
                + plan.by(CopyMethod.LEAVE_OUT).size() + " left out"
                + (plan.problems().isEmpty() ? "" : "; " + plan.problems().size() + " that start would refuse");
    }

    public static Map<String, Object> document(ReplicationPlan plan, String file) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", plan.database().value());
        document.put("source", plan.source().toString());
        document.put("sourceMajor", plan.facts().sourceMajor());
        document.put("target", plan.target().toString());
        document.put("targetMajor", plan.facts().targetMajor());
        plan.facts().counting().ifPresent(age -> document.put("statisticsSeconds", age.toSeconds()));
        document.put("file", file);
        document.put(
                "tables", plan.tables().stream().map(each -> table(plan, each)).toList());
        document.put(
                "extensionTables",
                plan.facts().extensionTables().entrySet().stream()
                        .map(each -> Map.of(
                                "schema", each.getKey().schema(),
                                "table", each.getKey().name(),
                                "extension", each.getValue()))
                        .toList());
        return document;
    }

    private static Map<String, Object> table(ReplicationPlan plan, PlannedTable each) {
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("schema", each.name().schema());
        table.put("table", each.name().name());
        table.put("bytes", each.facts().bytes());
        table.put("tuples", each.facts().tuples());
        table.put("inserts", each.facts().writes().inserts());
        table.put("updates", each.facts().writes().updates());
        table.put("deletes", each.facts().writes().deletes());
        table.put("writes", each.facts().writes().pattern().toString());
        table.put("identity", each.facts().identityText());
        table.put("method", each.method().word());
        if (each.method() == CopyMethod.SLICES) {
            table.put("slices", each.slices());
        }
        table.put("reason", each.reason());
        table.put("problem", each.problem());
        table.put("note", each.note());
        if (each.method() == CopyMethod.BACKFILL) {
            table.put("backfill", BackfillText.commands(each.facts(), plan.names(), plan.source(), plan.target()));
        }
        return table;
    }
}
