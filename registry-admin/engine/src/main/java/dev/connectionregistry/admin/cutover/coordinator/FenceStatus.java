package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether the fence around the source is up. Immutable.
 *
 * @param state whether it is, as far as that is known
 * @param source who says so: {@code says db1:5432/orders}
 */
public record FenceStatus(State state, String source) {
    /** As far as anybody knows. */
    public enum State {
        /** It is. */
        UP,
        /** It isn't. */
        DOWN,
        /** It may be. */
        UNKNOWN;

        @Override
        public String toString() {
            return this == UNKNOWN ? "may be up" : this == UP ? "up" : "down";
        }
    }

    private static final String JOURNAL = "by the journal";
    /**
     * The journal isn't written while callers wait: a coordinator that journalled a hold may have got as far as the
     * fence.
     */
    private static final Set<Step> MAY_FENCE = EnumSet.range(Step.HOLD, Step.SWITCH);

    /** What the journal says about it, which may be outdated. */
    public static FenceStatus byJournal(RunRecord run) {
        return new FenceStatus(run.outcome().map(FenceStatus::after).orElseGet(() -> during(run)), JOURNAL);
    }

    private static State after(RunOutcome outcome) {
        return switch (outcome) {
            case SWITCHED, SWITCHED_NOT_ALL_SEEN, TOO_LATE -> State.UP;
            case REHEARSED, UNDONE, REFUSED -> State.DOWN;
            case TAKEN_OVER, FOREIGN, STUCK -> State.UNKNOWN;
        };
    }

    private static State during(RunRecord run) {
        boolean mayHaveBegun = MAY_FENCE.contains(run.step())
                || run.steps().stream().map(StepRecord::step).anyMatch(MAY_FENCE::contains);
        return run.spec().rehearsal() || !mayHaveBegun || isLowered(run) ? State.DOWN : State.UNKNOWN;
    }

    private static boolean isLowered(RunRecord run) {
        return run.undoing()
                && run.steps().stream()
                        .filter(step -> step.step() == Step.FENCE || step.step() == Step.LOWER_FENCE)
                        .reduce((earlier, later) -> later)
                        .filter(step -> step.step() == Step.LOWER_FENCE && step.kind() == StepResult.Kind.DONE)
                        .isPresent();
    }

    /** The same, with why the server could not be asked. */
    FenceStatus unasked(String why) {
        return new FenceStatus(state, source + "; the source can't be asked from here: " + why);
    }

    /** The same, with why nobody was asked, or what to give so that somebody is. */
    FenceStatus notAsked(String why) {
        return new FenceStatus(state, source + "; the source was not asked: " + why);
    }

    /** {@code up, says db1:5432/orders}. */
    @Override
    public String toString() {
        return state + ", " + source;
    }
}
