package dev.connectionregistry.admin.cutover.decision;

import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.StepResult.Kind;
import dev.connectionregistry.admin.cutover.decision.StepResult.SettingsState;

/**
 * What a coordinator does next (docs/adr/0011). Three rules carry everything:
 *
 * <ol>
 *   <li>before {@link Step#SWITCH} every failure undoes, after it a run can only go forward;
 *   <li>the coordinator that has the session on the source and no write of its own in doubt may lower the fence; anyone
 *       else takes the registry's next epoch and looks first, since what it finds then is final, and looks once more
 *       with the session in hand;
 *   <li>the fence goes down before the source's settings are steady again, so that callers come back to a server that
 *       takes writes.
 * </ol>
 */
public final class CutoverDecisions {
    private CutoverDecisions() {}

    /** The state that follows from how its step went; its {@link RunState#step} is the one to execute next. */
    public static RunState next(RunState state, StepResult result) {
        if (result.kind() == Kind.LOCK_LOST) {
            return state.because(result.cause()).ended(RunOutcome.TAKEN_OVER);
        }
        if (state.step() == Step.LOOK && result.kind() == Kind.DONE) {
            return looked(state, result.found().orElseThrow());
        }
        return result.kind() == Kind.DONE ? done(state) : failed(state.because(result.cause()), result.kind());
    }

    private static RunState done(RunState state) {
        return switch (state.step()) {
            case TAKE_REGISTRY_LOCK -> state.at(Step.LOOK);
            case LOOK -> throw new AssertionError("a look shows something");
            case TAKE_SERVER_LOCK -> haveSession(state.withSession(true));
            case CHECK -> state.at(Step.QUICKEN);
            case QUICKEN -> state.at(Step.PREPARE);
            case PREPARE -> state.at(Step.AWAIT_READY);
            case AWAIT_READY -> state.at(Step.HOLD);
            case HOLD -> state.at(Step.AWAIT_HELD);
            case AWAIT_HELD ->
                state.purpose() == Purpose.REHEARSAL
                        ? undo(state.headingFor(RunOutcome.REHEARSED))
                        : state.at(Step.FENCE);
            case FENCE -> state.at(Step.PROVE);
            case PROVE -> state.at(Step.BARRIER);
            case BARRIER -> state.at(Step.SEQUENCES);
            case SEQUENCES -> state.at(Step.VERIFY);
            case VERIFY -> state.at(Step.REVERSE_SLOT);
            case REVERSE_SLOT -> state.at(Step.SWITCH);
            case SWITCH -> switched(state);
            case AWAIT_ACTIVE, AWAIT_BACK -> state.at(Step.RESTORE_INTERVAL);
            case LOWER_FENCE -> undo(state.withFence(false));
            case WITHDRAW -> state.withTransition(false).at(Step.AWAIT_BACK);
            case RESTORE_INTERVAL -> state.at(Step.UNLOCK);
            case UNLOCK -> ended(state);
        };
    }

    /**
     * A coordinator that took the session from another may have slept since it looked, and taken it from its own
     * successor, who fences under a later epoch: it looks again. Once a look has succeeded with the session in hand, a
     * later coordinator must end this session before it fences.
     */
    private static RunState haveSession(RunState state) {
        return state.endsOtherSession() ? state.at(Step.LOOK) : goOn(state);
    }

    private static RunState switched(RunState state) {
        return state.turningForward().at(Step.AWAIT_ACTIVE);
    }

    /** What the settings say is final: the epoch is ours, and nothing sent before it takes effect any more. */
    private static RunState looked(RunState state, SettingsState found) {
        if (found == SettingsState.FOREIGN) {
            return state.headingFor(RunOutcome.FOREIGN).at(Step.UNLOCK);
        }
        if (found == SettingsState.SWITCHED) {
            return lookedAndSwitched(state);
        }
        RunState known = state.withTransition(found != SettingsState.STEADY_SOURCE)
                .withFence(state.fenceMayBeUp() || found == SettingsState.HELD);
        if (!known.undoing() && !known.purpose().takesOver() && known.mayBeInTransition()) {
            return known.headingFor(RunOutcome.FOREIGN).at(Step.UNLOCK); // a new run finds nothing of its own
        }
        boolean back = known.undoing() || known.purpose() == Purpose.ABORT;
        boolean needsSession = known.fenceMayBeUp() || !back; // without a HOLD nobody can have begun, or begin, a fence
        return needsSession && !known.session() ? known.at(Step.TAKE_SERVER_LOCK) : goOn(known);
    }

    private static RunState lookedAndSwitched(RunState state) {
        if (state.purpose() == Purpose.ABORT
                && !state.undoing()) { // the coordinator that switched may have died before it tidied up
            return state.headingFor(RunOutcome.TOO_LATE).at(Step.RESTORE_INTERVAL);
        }
        return state.purpose().takesOver() || state.undoing()
                ? switched(state)
                : state.headingFor(RunOutcome.FOREIGN).at(Step.UNLOCK);
    }

    /** Goes on once the current settings are known and all needed locks are held. */
    private static RunState goOn(RunState state) {
        if (state.undoing() || state.purpose() == Purpose.ABORT) {
            return undo(state.result().isPresent() ? state : state.headingFor(RunOutcome.UNDONE));
        }
        if (!state.mayBeInTransition()) {
            return state.at(Step.CHECK);
        }
        // a HOLD may have lapsed, and what announces the next version died with the other coordinator: write the phase
        // again
        return state.at(state.fenceMayBeUp() ? Step.HOLD : Step.PREPARE);
    }

    private static RunState failed(RunState state, Kind kind) {
        RunState now = kind == Kind.SESSION_LOST ? state.withSession(false) : state;
        return switch (now.step()) {
            case TAKE_REGISTRY_LOCK ->
                now.ended(now.undoing() || now.purpose().takesOver() ? RunOutcome.STUCK : RunOutcome.REFUSED);
            case LOOK, TAKE_SERVER_LOCK ->
                now.undoing() || now.purpose().takesOver() ? now.ended(RunOutcome.STUCK) : refused(now);
            case CHECK -> // an earlier coordinator may have shortened the interval
                now.purpose().takesOver() ? turnBack(now.headingFor(RunOutcome.UNDONE), kind) : refused(now);
            case QUICKEN,
                    PREPARE,
                    AWAIT_READY,
                    HOLD,
                    AWAIT_HELD,
                    FENCE,
                    PROVE,
                    BARRIER,
                    SEQUENCES,
                    VERIFY,
                    REVERSE_SLOT -> turnBack(now.headingFor(RunOutcome.UNDONE), kind);
            case SWITCH ->
                settle(now.headingFor(RunOutcome.UNDONE)); // also when it certainly failed: see who came first
            case AWAIT_ACTIVE ->
                now.headingFor(RunOutcome.SWITCHED_NOT_ALL_SEEN).at(Step.RESTORE_INTERVAL);
            case LOWER_FENCE -> kind == Kind.SESSION_LOST ? settle(now) : now.ended(RunOutcome.STUCK);
            case WITHDRAW -> kind == Kind.UNKNOWN ? settle(now) : now.ended(RunOutcome.STUCK);
            case AWAIT_BACK -> now.at(Step.RESTORE_INTERVAL); // a late instance comes back by itself
            case RESTORE_INTERVAL -> now.at(Step.UNLOCK);
            case UNLOCK -> ended(now);
        };
    }

    private static RunState refused(RunState state) {
        return state.headingFor(RunOutcome.REFUSED).at(Step.UNLOCK);
    }

    private static RunState ended(RunState state) {
        return state.ended(state.result().orElse(RunOutcome.SWITCHED));
    }

    private static RunState turnBack(RunState state, Kind kind) {
        return kind == Kind.UNKNOWN || !state.session() ? settle(state) : undo(state);
    }

    /** Something of ours may be on its way, or the session is gone: make the settings final, then look at them. */
    private static RunState settle(RunState state) {
        return state.turning().at(Step.TAKE_REGISTRY_LOCK);
    }

    /** The undo, for a coordinator that knows the settings and, if there may be a fence, has the session. */
    private static RunState undo(RunState state) {
        RunState back = state.turning();
        if (back.fenceMayBeUp()) {
            return back.at(Step.LOWER_FENCE);
        }
        return back.at(back.mayBeInTransition() ? Step.WITHDRAW : Step.RESTORE_INTERVAL);
    }
}
