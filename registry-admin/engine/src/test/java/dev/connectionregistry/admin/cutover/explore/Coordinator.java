package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.explore.Bounds.Option;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** One coordinator about to act, in one world: how its act may end, each way a step. For one step. */
final class Coordinator {
    /**
     * Acts that nobody else notices: they are gone through at once with the act before them. The comparison and the slot are begun with
     * the sequences and run beside them. That makes no difference here, since what still runs ends before an act of the way back
     * (StepRunner, CutoverRun).
     */
    private static final Set<Step> SILENT = EnumSet.of(Step.CHECK, Step.SEQUENCES, Step.VERIFY, Step.REVERSE_SLOT);

    private static final Set<Step> INTERVAL = EnumSet.of(Step.QUICKEN, Step.RESTORE_INTERVAL);
    private static final Set<Step> MAY_BE_UNKNOWN = EnumSet.of(Step.QUICKEN, Step.REVERSE_SLOT);

    private final Bounds bounds;
    private final Runs runs;
    private final Fleet fleet;
    private final World world;
    private final int number;
    private final RunState run;
    private final Steps out;

    Coordinator(Bounds bounds, Runs runs, Fleet fleet, World world, int number, RunState run, Steps out) {
        this.bounds = bounds;
        this.runs = runs;
        this.fleet = fleet;
        this.world = world;
        this.number = number;
        this.run = run;
        this.out = out;
    }

    World world() {
        return world;
    }

    int number() {
        return number;
    }

    Writer writer() {
        return world.writer(number);
    }

    RunState run() {
        return run;
    }

    Bounds bounds() {
        return bounds;
    }

    Fleet fleet() {
        return fleet;
    }

    boolean hasEpoch() {
        return world.hasEpoch(number);
    }

    boolean hasSession() {
        return world.hasSession(number);
    }

    int seen() {
        return world.get(Field.SEEN[number]);
    }

    /** It is done, with this effect. */
    void done(World next) {
        ends(next, StepResult.done(), "");
    }

    /** It failed, which nothing need be wrong for. */
    void times(World next, String how) {
        ends(next, StepResult.of(Kind.FAILED, ""), how);
    }

    /** It failed, in a world where things may go wrong. */
    void fails(World next, String how) {
        if (bounds.allowsFailures(world)) {
            ends(next, StepResult.of(Kind.FAILED, ""), how);
        }
    }

    void lost(Kind which) {
        ends(world.copy(), StepResult.of(which, ""), "");
    }

    void ends(World next, StepResult result, String how) {
        goOn(
                next,
                run,
                result,
                () -> run.step() + " " + result.kind()
                        + result.found().map(found -> " " + found).orElse("")
                        + (how.isEmpty() ? "" : " (" + how + ")"));
    }

    /** It is at it, and not at its end. */
    void stays(World next, String what) {
        out.step(next, () -> name() + ": " + what);
    }

    private void goOn(World next, RunState from, StepResult result, Supplier<String> said) {
        RunState after = runs.next(from, result);
        if (after.isOver()) {
            RunOutcome outcome = after.outcome().orElseThrow();
            boolean knows = next.hasEpoch(number) || (from.step() == Step.UNLOCK && result.kind() == Kind.DONE);
            if (knows && bounds.heeds(Invariant.TRUTH)) {
                Truth.check(outcome, next, fleet, name() + " ends with " + outcome);
            }
            out.step(next.leaves(number), () -> name() + ": " + said.get() + ", ends: " + outcome);
        } else if (SILENT.contains(after.step())
                || (INTERVAL.contains(after.step()) && !bounds.has(Option.INTERVAL_WRITES))) {
            goThrough(next, after, said);
        } else {
            World kept =
                    after.step() == Step.BARRIER ? next : next.withoutBarriers(number); // of a source that is ahead
            kept.set(Field.RUN[number], runs.number(after));
            out.step(kept, () -> name() + ": " + said.get() + ", next " + after.step());
        }
    }

    /** An act that nobody notices: what comes of its end is a step of its own only if it differs. */
    private void goThrough(World next, RunState at, Supplier<String> said) {
        if (bounds.allowsFailures(world)) {
            goOn(next.copy(), at, StepResult.of(Kind.FAILED, ""), and(said, at, Kind.FAILED));
        }
        if (bounds.allowsFailures(world) && MAY_BE_UNKNOWN.contains(at.step())) {
            goOn(next.copy(), at, StepResult.of(Kind.UNKNOWN, ""), and(said, at, Kind.UNKNOWN));
        }
        boolean lost = at.step() == Step.SEQUENCES && !next.hasSession(number);
        StepResult end = lost ? StepResult.of(Kind.SESSION_LOST, "") : StepResult.done();
        goOn(next, at, end, and(said, at, end.kind()));
    }

    private static Supplier<String> and(Supplier<String> said, RunState at, Kind end) {
        return () -> said.get() + ", then " + at.step() + " " + end;
    }

    String name() {
        return (number == 0 ? "first " : "second ") + run.purpose();
    }
}
