package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.explore.Bounds.Option;
import java.util.EnumSet;
import java.util.Set;

/** One coordinator about to act, in one world: how its act may end, each way a step. For one step. */
final class Coordinator {
    /** Acts that nobody else notices: they are gone through at once with the act before them. */
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

    RunState run() {
        return run;
    }

    Bounds bounds() {
        return bounds;
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
        if (!bounds.calm()) {
            ends(next, StepResult.of(Kind.FAILED, ""), how);
        }
    }

    void lost(Kind which) {
        ends(world.copy(), StepResult.of(which, ""), "");
    }

    void ends(World next, StepResult result, String how) {
        String said = run.step() + " " + result.kind()
                + result.found().map(found -> " " + found).orElse("") + (how.isEmpty() ? "" : " (" + how + ")");
        goOn(next, run, result, said);
    }

    /** It is at it, and not at its end. */
    void stays(World next, String what) {
        out.step(next, () -> name() + ": " + what);
    }

    private void goOn(World next, RunState from, StepResult result, String said) {
        RunState after = runs.next(from, result);
        if (after.isOver()) {
            RunOutcome outcome = after.outcome().orElseThrow();
            boolean knows = next.hasEpoch(number) || (from.step() == Step.UNLOCK && result.kind() == Kind.DONE);
            if (knows && bounds.heeds(Invariant.TRUTH)) {
                Truth.check(outcome, next, fleet, name() + " ends with " + outcome);
            }
            out.step(next.leaves(number), () -> name() + ": " + said + ", ends: " + outcome);
        } else if (SILENT.contains(after.step())
                || (INTERVAL.contains(after.step()) && !bounds.has(Option.INTERVAL_WRITES))) {
            goThrough(next, after, said);
        } else {
            next.set(Field.RUN[number], runs.number(after)).set(Field.BARRIER[number], 0);
            out.step(next, () -> name() + ": " + said + ", next " + after.step());
        }
    }

    /** An act that nobody notices: what comes of its end is a step of its own only if it differs. */
    private void goThrough(World next, RunState at, String said) {
        String also = said + ", then " + at.step() + " ";
        if (!bounds.calm()) {
            goOn(next.copy(), at, StepResult.of(Kind.FAILED, ""), also + Kind.FAILED);
        }
        if (!bounds.calm() && MAY_BE_UNKNOWN.contains(at.step())) {
            goOn(next.copy(), at, StepResult.of(Kind.UNKNOWN, ""), also + Kind.UNKNOWN);
        }
        boolean lost = at.step() == Step.SEQUENCES && !next.hasSession(number);
        StepResult end = lost ? StepResult.of(Kind.SESSION_LOST, "") : StepResult.done();
        goOn(next, at, end, also + end.kind());
    }

    String name() {
        return (number == 0 ? "first " : "second ") + run.purpose();
    }
}
