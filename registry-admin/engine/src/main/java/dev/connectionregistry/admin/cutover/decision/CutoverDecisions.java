package dev.connectionregistry.admin.cutover.decision;

import dev.connectionregistry.admin.cutover.decision.ActResult.Kind;

/**
 * What a coordinator does next (docs/adr/0011). Three rules carry everything:
 *
 * <ol>
 *   <li>before {@link Act#POINT_OF_NO_RETURN} every failure undoes, after it there is only forward;
 *   <li>whoever has the session on the old server and no write of its own in doubt may lower the fence; anyone else takes the
 *       registry's next epoch and looks first, for what stands then is final, and looks once more with the session in hand;
 *   <li>the fence goes down before the old settings are steady again, so that callers come back to a server that takes writes.
 * </ol>
 */
public final class CutoverDecisions {
    private CutoverDecisions() {}

    /** The state that follows from how its act went; its {@link RunState#act} is what is to be done next. */
    public static RunState next(RunState state, ActResult result) {
        if (result.kind() == Kind.LOCK_LOST) {
            return state.because(result.cause()).ended(Outcome.TAKEN_OVER);
        }
        if (state.act() == Act.LOOK && result.kind() == Kind.DONE) {
            return looked(state, result.found().orElseThrow());
        }
        return result.kind() == Kind.DONE ? done(state) : failed(state.because(result.cause()), result.kind());
    }

    private static RunState done(RunState state) {
        return switch (state.act()) {
            case TAKE_REGISTRY_LOCK -> state.at(Act.LOOK);
            case LOOK -> throw new AssertionError("a look shows something");
            case TAKE_SERVER_LOCK -> haveSession(state.withSession(true));
            case CHECK -> state.at(Act.QUICKEN);
            case QUICKEN -> state.at(Act.PREPARE);
            case PREPARE -> state.at(Act.AWAIT_READY);
            case AWAIT_READY -> state.at(Act.HOLD);
            case HOLD -> state.at(Act.AWAIT_HELD);
            case AWAIT_HELD ->
                state.purpose() == Purpose.REHEARSAL ? undo(state.headingFor(Outcome.REHEARSED)) : state.at(Act.FENCE);
            case FENCE -> state.at(Act.PROVE);
            case PROVE -> state.at(Act.BARRIER);
            case BARRIER -> state.at(Act.SEQUENCES);
            case SEQUENCES -> state.at(Act.VERIFY);
            case VERIFY -> state.at(Act.REVERSE_SLOT);
            case REVERSE_SLOT -> state.at(Act.SWITCH);
            case SWITCH -> switched(state);
            case AWAIT_ACTIVE, AWAIT_BACK -> state.at(Act.RESTORE_INTERVAL);
            case LOWER_FENCE -> undo(state.withFence(false));
            case WITHDRAW -> state.withTransition(false).at(Act.AWAIT_BACK);
            case RESTORE_INTERVAL -> state.at(Act.UNLOCK);
            case UNLOCK -> ended(state);
        };
    }

    /**
     * Whoever took the session from somebody may have slept since it looked, and taken it from its own successor, who fences
     * under a later epoch: it looks again. From a look that succeeds with the session on, whoever comes later ends this session
     * before it fences.
     */
    private static RunState haveSession(RunState state) {
        return state.endsOtherSession() ? state.at(Act.LOOK) : goOn(state);
    }

    private static RunState switched(RunState state) {
        return state.turningForward().at(Act.AWAIT_ACTIVE);
    }

    /** What stands is final: the epoch is ours, and nothing sent before it takes effect any more. */
    private static RunState looked(RunState state, Found found) {
        if (found == Found.FOREIGN) {
            return state.headingFor(Outcome.FOREIGN).at(Act.UNLOCK);
        }
        if (found == Found.SWITCHED) {
            return lookedAndSwitched(state);
        }
        RunState known =
                state.withTransition(found != Found.STEADY_OLD).withFence(state.fenceMayBeUp() || found == Found.HELD);
        if (!known.undoing() && !known.purpose().takesOver() && known.transitionStands()) {
            return known.headingFor(Outcome.FOREIGN).at(Act.UNLOCK); // a new run finds nothing of its own
        }
        boolean back = known.undoing() || known.purpose() == Purpose.ABORT;
        boolean needsSession = known.fenceMayBeUp() || !back; // without a HOLD nobody can have begun, or begin, a fence
        return needsSession && !known.session() ? known.at(Act.TAKE_SERVER_LOCK) : goOn(known);
    }

    private static RunState lookedAndSwitched(RunState state) {
        if (state.purpose() == Purpose.ABORT
                && !state.undoing()) { // whoever switched may have died before it tidied up
            return state.headingFor(Outcome.TOO_LATE).at(Act.RESTORE_INTERVAL);
        }
        return state.purpose().takesOver() || state.undoing()
                ? switched(state)
                : state.headingFor(Outcome.FOREIGN).at(Act.UNLOCK);
    }

    /** Knowing what stands, with all locks that are needed. */
    private static RunState goOn(RunState state) {
        if (state.undoing() || state.purpose() == Purpose.ABORT) {
            return undo(state.result().isPresent() ? state : state.headingFor(Outcome.UNDONE));
        }
        if (!state.transitionStands()) {
            return state.at(Act.CHECK);
        }
        return state.at(state.fenceMayBeUp() ? Act.HOLD : Act.AWAIT_READY); // a HOLD may have lapsed: write a new one
    }

    private static RunState failed(RunState state, Kind kind) {
        RunState now = kind == Kind.SESSION_LOST ? state.withSession(false) : state;
        return switch (now.act()) {
            case TAKE_REGISTRY_LOCK ->
                now.ended(now.undoing() || now.purpose().takesOver() ? Outcome.STUCK : Outcome.REFUSED);
            case LOOK, TAKE_SERVER_LOCK ->
                now.undoing() || now.purpose().takesOver() ? now.ended(Outcome.STUCK) : refused(now);
            case CHECK -> // an earlier coordinator may have shortened the interval
                now.purpose().takesOver() ? turnBack(now.headingFor(Outcome.UNDONE), kind) : refused(now);
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
                    REVERSE_SLOT -> turnBack(now.headingFor(Outcome.UNDONE), kind);
            case SWITCH -> settle(now.headingFor(Outcome.UNDONE)); // also when it certainly failed: see who came first
            case AWAIT_ACTIVE -> now.headingFor(Outcome.SWITCHED_NOT_ALL_SEEN).at(Act.RESTORE_INTERVAL);
            case LOWER_FENCE -> kind == Kind.SESSION_LOST ? settle(now) : now.ended(Outcome.STUCK);
            case WITHDRAW -> kind == Kind.UNKNOWN ? settle(now) : now.ended(Outcome.STUCK);
            case AWAIT_BACK -> now.at(Act.RESTORE_INTERVAL); // whoever is late comes back by itself
            case RESTORE_INTERVAL -> now.at(Act.UNLOCK);
            case UNLOCK -> ended(now);
        };
    }

    private static RunState refused(RunState state) {
        return state.headingFor(Outcome.REFUSED).at(Act.UNLOCK);
    }

    private static RunState ended(RunState state) {
        return state.ended(state.result().orElse(Outcome.SWITCHED));
    }

    private static RunState turnBack(RunState state, Kind kind) {
        return kind == Kind.UNKNOWN || !state.session() ? settle(state) : undo(state);
    }

    /** Something of ours may be on its way, or the session is gone: make what stands final, then look at it. */
    private static RunState settle(RunState state) {
        return state.turning().at(Act.TAKE_REGISTRY_LOCK);
    }

    /** The way back, for whoever knows what stands and has the session, if there may be a fence. */
    private static RunState undo(RunState state) {
        RunState back = state.turning();
        if (back.fenceMayBeUp()) {
            return back.at(Act.LOWER_FENCE);
        }
        return back.at(back.transitionStands() ? Act.WITHDRAW : Act.RESTORE_INTERVAL);
    }
}
