package dev.connectionregistry.admin.output;

import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.Liveness;
import dev.connectionregistry.admin.fleet.Member;
import dev.connectionregistry.admin.output.TextTable.Cell;
import dev.connectionregistry.admin.output.TextTable.Column;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The fleet as a table, with the errors below it. Pure. */
public final class FleetTable {
    private static final List<Column> COLUMNS = List.of(
            new Column("SERVICE", 8, 90),
            new Column("INSTANCE", 8, 100),
            new Column("STATE", 8, 80),
            new Column("VERSION", 7, 70),
            new Column("READ", 4, 40),
            new Column("ENDPOINT", 12, 50),
            new Column("POLL", 4, 20),
            new Column("POOL", 7, 30),
            new Column("SEEN", 5, 60));

    private FleetTable() {}

    /** The lines of the table, then each error, all at most {@code width} wide. */
    public static List<String> lines(FleetSnapshot snapshot, int width, boolean colored) {
        return lines(snapshot, InstanceReport::lastError, width, colored);
    }

    /** The same with only those errors that belong to the snapshot's goal. */
    public static List<String> linesOfMove(FleetSnapshot snapshot, int width, boolean colored) {
        return lines(snapshot, report -> FleetEvents.problem(snapshot.goal(), report), width, colored);
    }

    private static List<String> lines(
            FleetSnapshot snapshot, Function<InstanceReport, Optional<String>> problem, int width, boolean colored) {
        TextTable table = new TextTable(COLUMNS);
        snapshot.members().forEach(member -> row(table, member));
        List<String> lines = new ArrayList<>(table.lines(width, colored));
        snapshot.members().stream()
                .filter(member -> member.liveness() != Liveness.STOPPED)
                .forEach(member -> problem.apply(member.report())
                        .ifPresent(error -> lines.addAll(cause(member.name() + ": " + error, width, colored))));
        return lines;
    }

    /** A cause, whole: what is wrong often stands at its end. */
    static List<String> cause(String text, int width, boolean colored) {
        return TextTable.wrap(TextTable.printable(text), width).stream()
                .map(line -> Tone.WARN.paint(line, colored))
                .toList();
    }

    private static void row(TextTable table, Member member) {
        InstanceReport report = member.report();
        PoolFigures pool = report.pool();
        table.row(
                Cell.of(report.service()),
                Cell.of(report.instance()),
                new Cell(state(member), tone(member)),
                new Cell(String.valueOf(report.version()), member.pending() ? Tone.WARN : Tone.PLAIN),
                Cell.of(report.acknowledgedVersion()),
                Cell.of(report.endpoint()),
                Cell.of(Durations.text(report.pollInterval())),
                Cell.of(pool.active() + "/" + pool.idle() + "/" + pool.maximumSize()),
                Cell.of(FleetEvents.seconds(member.age())));
    }

    private static String state(Member member) {
        if (member.ahead()) {
            return "AHEAD";
        }
        return member.liveness() == Liveness.SILENT
                ? "SILENT"
                : member.report().state().name();
    }

    private static Tone tone(Member member) {
        if (member.liveness() == Liveness.STOPPED) {
            return Tone.FAINT;
        }
        if (member.liveness() == Liveness.SILENT
                || member.ahead()
                || member.report().state() == InstanceState.REJECTED) {
            return Tone.BAD;
        }
        return member.pending() ? Tone.WARN : Tone.GOOD;
    }
}
