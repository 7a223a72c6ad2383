package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.terminal.ProblemText;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Transition;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The fleet as a table, with the errors below it. Pure. */
public final class FleetTable {
    private static final Column NAME = new Column("DATABASE", 8, 95);

    private static final List<Column> COLUMNS = List.of(
            new Column("SERVICE", 8, 90),
            new Column("INSTANCE", 8, 100),
            new Column("STATE", 9, 80),
            new Column("VERSION", 7, 70),
            new Column("READ", 4, 40),
            new Column("ENDPOINT", 12, 50),
            new Column("POLL", 4, 20),
            new Column("POOL", 7, 30),
            new Column("SEEN", 5, 60));

    private FleetTable() {}

    /**
     * The lines of the table, then each error, all at most {@code width} wide; {@code phase} is the cutover's phase.
     */
    public static List<String> lines(
            FleetSnapshot snapshot, Optional<Transition.Phase> phase, int width, boolean colored) {
        return lines(snapshot, phase, InstanceReport::lastError, width, colored);
    }

    /** As {@link #lines}, but with only those errors that concern the snapshot's goal. */
    public static List<String> linesOfMove(FleetSnapshot snapshot, int width, boolean colored) {
        return lines(
                snapshot, Optional.empty(), report -> FleetEvents.problem(snapshot.goal(), report), width, colored);
    }

    private static List<String> lines(
            FleetSnapshot snapshot,
            Optional<Transition.Phase> phase,
            Function<InstanceReport, Optional<String>> problem,
            int width,
            boolean colored) {
        boolean severalNames = snapshot.members().stream().anyMatch(FleetMember::amongSeveral);
        TextTable table = new TextTable(
                severalNames ? Stream.concat(Stream.of(NAME), COLUMNS.stream()).toList() : COLUMNS);
        snapshot.members()
                .forEach(member -> table.row(Stream.concat(
                                Stream.of(Cell.of(member.report().database())).filter(any -> severalNames),
                                cells(member, awaited(member, phase, snapshot.goal())))
                        .toArray(Cell[]::new)));
        List<String> lines = new ArrayList<>(table.lines(width, colored));
        snapshot.members().stream()
                .filter(member -> member.liveness() != Liveness.STOPPED)
                .forEach(member -> problem.apply(member.report())
                        .ifPresent(error -> lines.addAll(
                                ProblemText.cause(member.title() + ": " + since(member) + error, width, colored))));
        lines.addAll(ProblemText.unreadable(snapshot.unreadable(), width, colored));
        return lines;
    }

    private static String since(FleetMember member) {
        return member.failing()
                ? "since " + member.report().problem().orElseThrow().since().truncatedTo(ChronoUnit.SECONDS) + " "
                : "";
    }

    /** The state that every instance reports when a phase of a cutover is complete. */
    static InstanceState wanted(Transition.Phase phase) {
        return phase == Transition.Phase.PREPARE ? InstanceState.READY : InstanceState.HELD;
    }

    /** Whether a live instance reports {@code wanted} for the goal's version or a newer one. */
    static boolean isThere(FleetMember member, InstanceState wanted, FleetGoal goal) {
        return member.liveness() == Liveness.LIVE
                && member.report().state() == wanted
                && member.report().acknowledgedVersion() >= goal.version();
    }

    /** Whether it is still awaited: by the goal or, during a cutover, by the phase. */
    private static boolean awaited(FleetMember member, Optional<Transition.Phase> phase, FleetGoal goal) {
        return phase.map(now ->
                        member.liveness() == Liveness.LIVE && !member.plain() && !isThere(member, wanted(now), goal))
                .orElse(member.pending());
    }

    private static Stream<Cell> cells(FleetMember member, boolean awaited) {
        InstanceReport report = member.report();
        return Stream.of(
                Cell.of(report.service()),
                Cell.of(report.instance()),
                new Cell(state(member), tone(member, awaited)),
                new Cell(String.valueOf(report.version()), awaited ? Tone.WARN : Tone.PLAIN),
                Cell.of(report.acknowledgedVersion()),
                Cell.of(report.endpoint()),
                Cell.of(Durations.text(report.pollInterval())),
                Cell.of(pool(member)),
                Cell.of(FleetEvents.seconds(member.age())));
    }

    /** Nothing is known about a plain member's pool. */
    private static String pool(FleetMember member) {
        PoolFigures pool = member.report().pool();
        return member.plain() ? "plain" : pool.active() + "/" + pool.idle() + "/" + pool.maximumSize();
    }

    private static String state(FleetMember member) {
        if (member.ahead()) {
            return "AHEAD";
        }
        if (member.liveness() == Liveness.SILENT) {
            return "SILENT";
        }
        return member.failing() ? "FAILING" : member.report().state().name();
    }

    private static Tone tone(FleetMember member, boolean awaited) {
        if (member.liveness() == Liveness.STOPPED) {
            return Tone.FAINT;
        }
        if (member.liveness() == Liveness.SILENT
                || member.ahead()
                || member.failing()
                || member.report().state() == InstanceState.REJECTED) {
            return Tone.BAD;
        }
        return awaited ? Tone.WARN : Tone.GOOD;
    }
}
