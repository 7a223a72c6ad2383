package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.fleet.StatusText;
import dev.connectionregistry.admin.cli.settings.TransitionText;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.coordinator.CutoverStatus;
import dev.connectionregistry.admin.cutover.coordinator.FenceStatus;
import dev.connectionregistry.admin.cutover.coordinator.PlanText;
import dev.connectionregistry.admin.cutover.coordinator.RunFence;
import dev.connectionregistry.admin.cutover.coordinator.RunSummary;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cutovers as text. Pure. */
public final class CutoverText {
    private static final List<Column> STEPS = List.of(
            new Column("STEP", 12, 100),
            new Column("AT", 4, 80),
            new Column("TOOK", 4, 90),
            new Column("", 4, 60),
            new Column("EVIDENCE", 12, 70));

    private CutoverText() {}

    /** The steps of a run with their times; what the error says isn't repeated. */
    public static List<String> steps(CutoverResult result, RunSummary summary, int width, boolean colored) {
        TextTable table = new TextTable(STEPS);
        Optional<StepRecord> told = summary.failed();
        result.steps()
                .forEach(step ->
                        row(table, step, told.filter(step::equals).isPresent() ? "see the error" : step.evidence()));
        return table.lines(width, colored);
    }

    /** The result of a run: the state now, the headline, and finally what to type next. */
    public static List<String> result(CutoverResult result, RunSummary summary, boolean colored) {
        List<String> lines = new ArrayList<>();
        lines.add(TextTable.printable(summary.fence() + "; " + summary.callers()));
        lines.addAll(note(summary));
        boolean good = summary.problem().isEmpty();
        lines.add(Tone.BOLD.paint(
                (good ? Tone.PLAIN : Tone.BAD).paint(TextTable.printable(summary.headline()), colored), colored));
        lines.addAll(wayBack(summary));
        return lines;
    }

    /** The result of a run without what its error says. */
    public static List<String> besidesTheError(RunSummary summary) {
        return Stream.concat(note(summary).stream(), wayBack(summary).stream()).toList();
    }

    private static List<String> note(RunSummary summary) {
        return summary.noWayBack().map(words -> "note: " + TextTable.printable(words)).stream()
                .toList();
    }

    private static List<String> wayBack(RunSummary summary) {
        return summary.wayBack().stream()
                .map(command -> "next: " + TextTable.printable(command)
                        + "  # at once: until then the slot keeps WAL, and the source falls behind"
                        + summary.wayBackWants().map(wants -> "; " + wants).orElse(""))
                .toList();
    }

    private static void row(TextTable table, StepRecord step, String evidence) {
        boolean done = step.kind() == StepResult.Kind.DONE;
        table.row(
                new Cell(CutoverDocuments.word(step.step()), done ? Tone.PLAIN : Tone.BAD),
                Cell.of(step.offset().toMillis() + " ms"),
                Cell.of(step.took().toMillis() + " ms"),
                done ? new Cell("ok", Tone.GOOD) : new Cell(CutoverDocuments.word(step.kind()), Tone.BAD),
                Cell.of(evidence));
    }

    public static List<String> plan(RunRecord record, boolean colored) {
        List<String> lines = new ArrayList<>();
        lines.add(Tone.BOLD.paint("dry run, nothing was written; " + wouldGo(record.spec()) + ":", colored));
        int number = 0;
        for (String line : PlanText.lines(record)) {
            String printable = line.startsWith(" ") ? "    " + line.strip() : ++number + ". " + line;
            lines.add(TextTable.printable(printable));
        }
        List<List<GroupMember>> databases = record.spec().databases();
        databases.forEach(each -> {
            GroupMember lead = each.get(0);
            String where = databases.size() > 1 ? " on " + lead.source().endpoint() : "";
            record.database(lead.name())
                    .fence()
                    .map(FenceStatements::downByHand)
                    .ifPresent(down -> {
                        lines.add("to take down the fence" + where + " by hand, in one session, run:");
                        down.forEach(statement -> lines.add(TextTable.printable("    " + statement + ";")));
                    });
        });
        return lines;
    }

    private static String wouldGo(RunSpec spec) {
        int names = spec.members().size();
        return names == 1
                ? spec.database() + " would go from " + spec.source().endpoint() + " to "
                        + spec.target().endpoint()
                : "these " + names + " would go together: " + spec.route();
    }

    /** The state of a cutover; statements and commands, which may be copied, are not cut. */
    public static List<String> status(CutoverStatus status, int width, boolean colored) {
        return status(status, line -> line, width, colored);
    }

    /** The same with every line at most {@code width} wide, for a picture that is redrawn. */
    public static List<String> picture(CutoverStatus status, int width, boolean colored) {
        return status(status, line -> TextTable.cut(line, width), width, colored);
    }

    private static List<String> status(CutoverStatus status, UnaryOperator<String> fit, int width, boolean colored) {
        List<String> lines = new ArrayList<>();
        lines.add(fit.apply(lock(status)));
        run(status).map(fit).forEach(lines::add);
        status.problem()
                .ifPresent(problem -> lines.add(Tone.BAD.paint(fit.apply(TextTable.printable(problem)), colored)));
        lines.addAll(StatusText.lines(status.current(), status.lock(), status.fleet(), width, colored));
        if (!status.next().isEmpty()) {
            lines.add(fit.apply("next: " + status.next()));
        }
        return lines;
    }

    private static String lock(CutoverStatus status) {
        return status.lock()
                .map(lock -> TextTable.printable(
                        "lock: " + (lock.held() ? "held by cutover " : "free; last held by cutover ") + lock.runId()
                                + ", epoch " + lock.epoch() + ", written by " + lock.by() + " at " + lock.at()))
                .orElse("lock: free; there has been no cutover");
    }

    /** Lock, run and version, as lines that differ from earlier ones if something changed; without the fleet. */
    public static List<String> headlines(CutoverStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(lock(status));
        run(status).forEach(lines::add);
        status.problem().map(TextTable::printable).ifPresent(lines::add);
        VersionedSettings current = status.current();
        lines.add(TextTable.printable("version " + current.version() + ": "
                + current.settings().endpoint() + ", poll " + current.settings().polling()
                + TransitionText.headline(current).map(text -> ", " + text).orElse("")));
        return lines;
    }

    private static Stream<String> run(CutoverStatus status) {
        return Stream.concat(
                status.run().stream().flatMap(run -> run(run, status).stream()),
                status.left().stream().flatMap(fence -> left(fence).stream()));
    }

    /** Prints the statements that take a fence down for as long as the fence is up, whatever ran since. */
    private static List<String> left(RunFence fence) {
        List<String> lines = new ArrayList<>();
        lines.add(TextTable.printable("fence left by cutover "
                + fence.run().spec().id() + " on " + fence.run().spec().source().endpoint() + ": " + fence.now()));
        fence.plan().ifPresent(plan -> statements(plan, fence.origin(), lines));
        return lines;
    }

    private static void statements(FencePlan plan, String origin, List<String> lines) {
        lines.add("fence: " + plan.kind() + "; to take it down, run in one session (" + origin + "):");
        FenceStatements.downByHand(plan).forEach(statement -> lines.add(TextTable.printable("    " + statement + ";")));
    }

    private static List<String> run(RunRecord run, CutoverStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(TextTable.printable("run: " + run.spec().id() + (run.spec().rehearsal() ? " (rehearsal)" : "")
                + " from "
                + run.spec().source().endpoint() + " to " + run.spec().target().endpoint() + ", started by "
                + run.spec().by() + " at " + run.spec().startedAt() + ", executed by "
                + String.join(", then ", run.coordinators())));
        if (status.together().size() > 1) {
            lines.add(TextTable.printable("moves together: "
                    + status.together().stream().map(DatabaseName::value).collect(Collectors.joining(", "))
                    + "; resuming or aborting one of them resumes or aborts all"));
        }
        lines.add(TextTable.printable("journal: "
                + run.outcome()
                        .map(outcome -> "ended " + CutoverDocuments.word(outcome))
                        .orElseGet(() -> "open, at " + CutoverDocuments.word(run.step())
                                + (run.undoing() ? ", on the way back" : ""))
                + (run.cause().isEmpty() ? "" : "; " + run.cause())));
        status.fence().ifPresent(fence -> lines.add(TextTable.printable("fence now: " + fence)));
        if (status.fence()
                .filter(fence -> fence.state() == FenceStatus.State.DOWN)
                .isPresent()) {
            return lines; // there is nothing to take down
        }
        String origin =
                status.recorded().isPresent() ? "according to its record on the server" : "as planned before the hold";
        status.standingFence().ifPresent(plan -> statements(plan, origin, lines));
        return lines;
    }
}
