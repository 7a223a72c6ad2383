package dev.connectionregistry.admin.cutover.decision;

import java.util.Optional;

/**
 * All that decides what a coordinator does next. Immutable; only {@link CutoverDecisions} makes new ones.
 *
 * @param purpose what it was started for
 * @param step what it does now; after its end, what it did last
 * @param undoing whether it is on its way back
 * @param session whether it has the session on the source, as far as it knows
 * @param fenceMayBeUp whether a fence was begun, here or by whoever was before
 * @param transitionStands whether PREPARE or HOLD may stand in the settings
 * @param result the outcome that it is heading for; empty while that is the switch
 * @param outcome how it ended; empty while it goes on
 * @param cause the first thing that went wrong, for people; empty if nothing did
 */
public record RunState(
        Purpose purpose,
        Step step,
        boolean undoing,
        boolean session,
        boolean fenceMayBeUp,
        boolean transitionStands,
        Optional<RunOutcome> result,
        Optional<RunOutcome> outcome,
        String cause) {

    /** The beginning. */
    public static RunState begin(Purpose purpose) {
        return new RunState(
                purpose, Step.TAKE_REGISTRY_LOCK, false, false, false, false, Optional.empty(), Optional.empty(), "");
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return outcome.isPresent();
    }

    /** Whether taking the server's lock ends the session that holds it: an earlier coordinator's, or our own lost one. */
    public boolean endsOtherSession() {
        return purpose.takesOver() || undoing;
    }

    RunState at(Step next) {
        boolean fence = fenceMayBeUp || next == Step.FENCE; // from the moment it is begun
        boolean transition = transitionStands || next == Step.PREPARE || next == Step.HOLD;
        return new RunState(purpose, next, undoing, session, fence, transition, result, outcome, cause);
    }

    RunState ended(RunOutcome how) {
        return new RunState(
                purpose, step, undoing, session, fenceMayBeUp, transitionStands, result, Optional.of(how), cause);
    }

    RunState headingFor(RunOutcome how) {
        return new RunState(
                purpose, step, undoing, session, fenceMayBeUp, transitionStands, Optional.of(how), outcome, cause);
    }

    RunState turning() {
        return new RunState(purpose, step, true, session, fenceMayBeUp, transitionStands, result, outcome, cause);
    }

    RunState turningForward() {
        return new RunState(purpose, step, false, session, fenceMayBeUp, false, Optional.empty(), outcome, cause);
    }

    RunState because(String what) {
        return cause.isEmpty() && !what.isEmpty()
                ? new RunState(purpose, step, undoing, session, fenceMayBeUp, transitionStands, result, outcome, what)
                : this;
    }

    RunState withSession(boolean present) {
        return new RunState(purpose, step, undoing, present, fenceMayBeUp, transitionStands, result, outcome, cause);
    }

    RunState withFence(boolean mayBeUp) {
        return new RunState(purpose, step, undoing, session, mayBeUp, transitionStands, result, outcome, cause);
    }

    RunState withTransition(boolean stands) {
        return new RunState(purpose, step, undoing, session, fenceMayBeUp, stands, result, outcome, cause);
    }

    /** What a coordinator was started for. */
    public enum Purpose {
        /** A new cutover. */
        CUTOVER,
        /** All steps up to and including the hold, then back. */
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
        /** The switch is done, but not everyone was seen on the target in time; whoever is late moves by itself. */
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
