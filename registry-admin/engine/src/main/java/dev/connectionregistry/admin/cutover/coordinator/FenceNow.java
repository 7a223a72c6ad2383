package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.ActResult;
import dev.connectionregistry.admin.cutover.decision.Outcome;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether the fence around the old server is up. Immutable.
 *
 * @param state whether it is, as far as that is known
 * @param source who says so: {@code says db1:5432/orders}
 */
public record FenceNow(State state, String source) {
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
    /** The journal is kept back while callers wait: whoever wrote of a hold may have come as far as the fence. */
    private static final Set<Act> MAY_FENCE = EnumSet.range(Act.HOLD, Act.SWITCH);

    /** What the journal says of it, which needn't be so any more. */
    public static FenceNow byJournal(RunRecord run) {
        return new FenceNow(run.outcome().map(FenceNow::after).orElseGet(() -> during(run)), JOURNAL);
    }

    private static State after(Outcome outcome) {
        return switch (outcome) {
            case SWITCHED, SWITCHED_NOT_ALL_SEEN, TOO_LATE -> State.UP;
            case REHEARSED, UNDONE, REFUSED -> State.DOWN;
            case TAKEN_OVER, FOREIGN, STUCK -> State.UNKNOWN;
        };
    }

    private static State during(RunRecord run) {
        boolean mayHaveBegun = MAY_FENCE.contains(run.act())
                || run.steps().stream().map(StepRecord::act).anyMatch(MAY_FENCE::contains);
        return run.spec().rehearsal() || !mayHaveBegun || isLowered(run) ? State.DOWN : State.UNKNOWN;
    }

    private static boolean isLowered(RunRecord run) {
        return run.undoing()
                && run.steps().stream()
                        .filter(step -> step.act() == Act.FENCE || step.act() == Act.LOWER_FENCE)
                        .reduce((earlier, later) -> later)
                        .filter(step -> step.act() == Act.LOWER_FENCE && step.kind() == ActResult.Kind.DONE)
                        .isPresent();
    }

    /** The same, with why the server could not be asked. */
    FenceNow unasked(String why) {
        return new FenceNow(state, source + "; the old server can't be asked from here: " + why);
    }

    /** The same, with why nobody was asked, or what to give so that somebody is. */
    FenceNow notAsked(String why) {
        return new FenceNow(state, source + "; the old server was not asked: " + why);
    }

    /** {@code up, says db1:5432/orders}. */
    @Override
    public String toString() {
        return state + ", " + source;
    }
}
