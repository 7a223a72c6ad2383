package dev.connectionregistry.admin.cutover.decision;

import java.util.Optional;

/**
 * Everything that decides what a coordinator does next. Immutable; only {@link CutoverDecisions} makes new ones.
 *
 * @param purpose what it was started for
 * @param step what it does now; after its end, what it did last
 * @param undoing whether it is undoing the run
 * @param traces what the run may have left outside this program
 * @param verdict how the run goes, and how it ended
 */
public record RunState(Purpose purpose, Step step, boolean undoing, Traces traces, Verdict verdict) {
    /**
     * What the run may have left outside this program.
     *
     * @param session whether it has the session on the source, as far as it knows
     * @param fenceMayBeUp whether a fence was begun, here or by an earlier coordinator
     * @param mayBeInTransition whether PREPARE or HOLD may be in the settings
     */
    public record Traces(boolean session, boolean fenceMayBeUp, boolean mayBeInTransition) {
        private static final Traces NONE = new Traces(false, false, false);

        /** From the moment that {@code step} is begun, what it leaves may be there. */
        private Traces of(Step step) {
            return new Traces(
                    session,
                    fenceMayBeUp || step == Step.FENCE,
                    mayBeInTransition || step == Step.PREPARE || step == Step.HOLD);
        }
    }

    /**
     * How the run goes, and how it ended.
     *
     * @param result the outcome that it is heading for; empty while that is the switch
     * @param outcome how it ended; empty while it goes on
     * @param cause the first thing that went wrong
     */
    public record Verdict(Optional<RunOutcome> result, Optional<RunOutcome> outcome, Cause cause) {
        private static final Verdict OPEN = new Verdict(Optional.empty(), Optional.empty(), Cause.NONE);

        /** Heading for another outcome. */
        public Verdict headingFor(Optional<RunOutcome> another) {
            return new Verdict(another, outcome, cause);
        }
    }

    /** The beginning. */
    public static RunState begin(Purpose purpose) {
        return new RunState(purpose, Step.TAKE_REGISTRY_LOCK, false, Traces.NONE, Verdict.OPEN);
    }

    /** Whether it has the session on the source, as far as it knows. */
    public boolean session() {
        return traces.session;
    }

    /** Whether a fence was begun, here or by an earlier coordinator. */
    public boolean fenceMayBeUp() {
        return traces.fenceMayBeUp;
    }

    /** Whether PREPARE or HOLD may be in the settings. */
    public boolean mayBeInTransition() {
        return traces.mayBeInTransition;
    }

    /** The outcome that it is heading for; empty while that is the switch. */
    public Optional<RunOutcome> result() {
        return verdict.result;
    }

    /** How it ended; empty while it goes on. */
    public Optional<RunOutcome> outcome() {
        return verdict.outcome;
    }

    /** The first thing that went wrong, for people; empty if nothing did. */
    public String cause() {
        return verdict.cause.text();
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return outcome().isPresent();
    }

    /** Whether taking the server's lock ends the session that holds it: an earlier coordinator's, or our own lost one. */
    public boolean endsOtherSession() {
        return purpose.takesOver() || undoing;
    }

    RunState at(Step next) {
        return new RunState(purpose, next, undoing, traces.of(next), verdict);
    }

    RunState ended(RunOutcome how) {
        return with(new Verdict(result(), Optional.of(how), verdict.cause));
    }

    RunState headingFor(RunOutcome how) {
        return with(verdict.headingFor(Optional.of(how)));
    }

    RunState turning() {
        return new RunState(purpose, step, true, traces, verdict);
    }

    RunState turningForward() {
        return new RunState(purpose, step, false, traces, verdict.headingFor(Optional.empty())).withTransition(false);
    }

    RunState because(Cause what) {
        return cause().isEmpty() ? with(new Verdict(result(), outcome(), what)) : this;
    }

    RunState withSession(boolean present) {
        return with(new Traces(present, fenceMayBeUp(), mayBeInTransition()));
    }

    RunState withFence(boolean mayBeUp) {
        return with(new Traces(session(), mayBeUp, mayBeInTransition()));
    }

    RunState withTransition(boolean stands) {
        return with(new Traces(session(), fenceMayBeUp(), stands));
    }

    private RunState with(Traces changed) {
        return new RunState(purpose, step, undoing, changed, verdict);
    }

    private RunState with(Verdict changed) {
        return new RunState(purpose, step, undoing, traces, changed);
    }

    /** What a coordinator was started for. */
    public enum Purpose {
        /** A new cutover. */
        CUTOVER,
        /** All steps up to and including the hold, then an undo. */
        REHEARSAL,
        /** Take a run over and bring it to its end. */
        RESUME,
        /** Take a run over and undo it. */
        ABORT;

        /** Whether an earlier coordinator of the same run may still be alive. */
        public boolean takesOver() {
            return this == RESUME || this == ABORT;
        }
    }

    /** How a coordinator's work ended. */
    public enum RunOutcome {
        /** The fleet is on the target. */
        SWITCHED,
        /**
         * The switch is done, but not every instance was seen on the target in time; a late instance moves by itself.
         */
        SWITCHED_NOT_ALL_SEEN,
        /** The rehearsal went well, and everything is as before. */
        REHEARSED,
        /** Everything is as before. */
        UNDONE,
        /** Nothing was begun. */
        REFUSED,
        /** Another coordinator took the run over; it decides now. */
        TAKEN_OVER,
        /** The switch was done already, so it can't be undone. */
        TOO_LATE,
        /** Somebody else changed the settings without regard to the run. */
        FOREIGN,
        /** It could not be brought to an end here: a server or the registry is out of reach. The run stays open. */
        STUCK
    }
}
