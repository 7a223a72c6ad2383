package dev.connectionregistry.internal;

import dev.connectionregistry.internal.ClientState.Opening;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.poll.Backoff;
import dev.connectionregistry.settings.Transition;
import org.slf4j.event.Level;

/**
 * The instance's half of a cutover (docs/adr/0011): when to open a standby pool, when to close the gate, and onto which pool to
 * open it again. The gate opens when the pool of the newest steady settings serves, when they turn out to need no other pool,
 * or when it was closed for too long.
 */
final class TransitionDecisions {
    private TransitionDecisions() {}

    /** Newer settings were read: those with a transition begin it or take it further, steady ones end it. */
    static Decision accept(ClientState state, Target target) {
        Transition transition = target.transition().orElse(null);
        if (transition == null) {
            return settle(state, target);
        }
        Decision acknowledged = transition.phase() == Transition.Phase.HOLD
                ? hold(state, target, transition)
                : letThrough(state).then(open -> GenerationDecisions.accept(open, target));
        return acknowledged.then(next -> standBy(next, target, transition));
    }

    /** The registry confirms what a snapshot said, and knows more: a cutover is under way. */
    static Decision confirmed(ClientState state, Target target) {
        Decision known = GenerationDecisions.confirmed(state, target);
        Transition transition = target.transition().orElse(null);
        if (transition == null) {
            return known;
        }
        return (transition.phase() == Transition.Phase.HOLD
                        ? known.then(next -> hold(next, target, transition))
                        : known)
                .then(next -> standBy(next, target, transition));
    }

    private static Decision standBy(ClientState state, Target target, Transition transition) {
        Standby standby = state.standby();
        if (standby != null && !standby.serves(transition.target())) {
            Standby other = standby;
            return Decision.of(
                            state.withStandby(null),
                            new Effect.Abandon(other.generation(), target.name() + " names another target"))
                    .then(clear -> standBy(clear, target, transition));
        }
        if (standby == null) {
            return Decision.of(
                    state.withStandby(Standby.opening(transition, state.nextGeneration())),
                    log(Level.INFO, transition + " begins with " + target.name()),
                    new Effect.Listen(transition),
                    new Effect.Open(state.nextGeneration(), target.version(), transition.target()),
                    new Effect.TellListeners(transition.id()));
        }
        return standby.cutover().equals(transition.id())
                ? Decision.of(state)
                : Decision.of(
                        state.withStandby(standby.adoptedBy(transition.id())),
                        new Effect.Listen(transition),
                        new Effect.TellListeners(transition.id()));
    }

    /** Closes the gate, or keeps it closed; an instance that serves nothing yet waits for the end of the hold. */
    private static Decision hold(ClientState state, Target target, Transition transition) {
        return GenerationDecisions.giveUpOpening(state, target)
                .then(clear -> Decision.of(clear.acknowledging(target)))
                .then(known -> closeGate(known, target, transition));
    }

    private static Decision closeGate(ClientState state, Target target, Transition transition) {
        Hold before = state.hold();
        if (before != null && !before.overdue()) {
            return Decision.of(state); // closed already; a caller's wait doesn't begin anew
        }
        Serving serving = state.serving();
        Hold hold = new Hold(transition.id(), target.version(), serving == null, false);
        Decision closed = Decision.of(
                state.withHold(hold),
                log(Level.INFO, transition + ": " + target.name() + " holds all checkouts"),
                new Effect.HoldUntil(target.version(), transition.longestHold()));
        return serving == null ? closed : closed.and(new Effect.Hold(serving.generation(), transition.toString()));
    }

    static Decision drained(ClientState state, long generation) {
        Hold hold = state.hold();
        Serving serving = state.serving();
        return hold == null || hold.overdue() || serving == null || serving.generation() != generation
                ? Decision.of(state)
                : Decision.of(state.withHold(hold.nowDrained()), log(Level.INFO, "nothing is in use any more"));
    }

    /** The fence, not the hold, keeps data safe: whoever hears nothing for too long serves its callers again. */
    static Decision holdOverdue(ClientState state, long version) {
        Hold hold = state.hold();
        if (hold == null || hold.overdue() || hold.closedBy() != version) {
            return Decision.of(state);
        }
        boolean steady = state.newest() != null && state.newest().transition().isEmpty();
        ClientState open = state.withHold(steady ? null : hold.nowOverdue());
        Effect word = log(
                Level.WARN,
                "cutover " + hold.cutover() + " has held the gate for twice its budget; opening it on the old server");
        return onOld(open, word);
    }

    private static Decision onOld(ClientState state, Effect word) {
        Serving serving = state.serving();
        if (serving != null) {
            return Decision.of(state, word, new Effect.Release(serving.generation()));
        }
        Target newest = state.newest();
        return newest == null || state.opening() != null
                ? Decision.of(state, word)
                : Decision.of(state, word).then(next -> GenerationDecisions.open(next, newest, 1));
    }

    /** Steady settings: the switch, the way back, or something else altogether. */
    private static Decision settle(ClientState state, Target target) {
        Standby standby = state.standby();
        Hold hold = state.hold();
        ClientState steady = state.withStandby(null).withHold(hold == null || hold.overdue() ? null : hold);
        Decision settled = standby == null
                ? GenerationDecisions.accept(steady, target)
                : endStandby(steady, standby, target).and(new Effect.StopListening());
        return settled.then(TransitionDecisions::letThroughIfSettled);
    }

    private static Decision endStandby(ClientState state, Standby standby, Target target) {
        if (!standby.serves(target.settings()) || standby.stage() == Standby.Stage.REFUSED) {
            Decision given = standby.stage() == Standby.Stage.REFUSED
                    ? Decision.of(state)
                    : Decision.of(state, new Effect.Abandon(standby.generation(), target.name() + " went back"));
            return given.then(next -> GenerationDecisions.accept(next, target));
        }
        Opening opening = new Opening(standby.generation(), standby.settings(), target, standby.attempt());
        Decision switched = GenerationDecisions.giveUpOpening(state, target)
                .then(clear -> Decision.of(clear.withNewest(target, null).withOpening(opening)));
        return standby.isReady()
                ? switched.then(next -> GenerationDecisions.opened(next, standby.generation()))
                : switched;
    }

    private static Decision letThroughIfSettled(ClientState state) {
        return state.opening() == null && state.rejection() == null ? letThrough(state) : Decision.of(state);
    }

    /** Opens the gate onto the pool that serves, if it is closed. */
    private static Decision letThrough(ClientState state) {
        Hold hold = state.hold();
        Serving serving = state.serving();
        ClientState open = state.withHold(null);
        return hold == null || hold.overdue() || serving == null
                ? Decision.of(open)
                : Decision.of(
                        open,
                        log(Level.INFO, "cutover " + hold.cutover() + " is called off: the gate opens again"),
                        new Effect.Release(serving.generation()));
    }

    static Decision opened(ClientState state, Standby standby) {
        return Decision.of(
                state.withStandby(standby.ready()),
                log(Level.INFO, "the standby pool for " + name(standby) + " is ready"));
    }

    static Decision refused(ClientState state, Standby standby, String cause) {
        boolean again = standby.attempt() > 1;
        return Decision.of(
                state.withStandby(standby.refused(cause)),
                new Effect.RetryAfter(state.acknowledged(), Backoff.open(standby.attempt())),
                log(
                        again ? Level.DEBUG : Level.WARN,
                        "the standby pool for " + name(standby) + " can't be opened: " + cause + " (trying again)"));
    }

    static Decision retry(ClientState state, Standby standby) {
        Standby again = standby.again(state.nextGeneration());
        return Decision.of(
                state.withStandby(again), new Effect.Open(again.generation(), state.acknowledged(), again.settings()));
    }

    static Decision listenersTold(ClientState state, String cutover) {
        Standby standby = state.standby();
        return standby == null || !standby.cutover().equals(cutover)
                ? Decision.of(state)
                : Decision.of(state.withStandby(standby.told()));
    }

    private static String name(Standby standby) {
        return "cutover " + standby.cutover() + " to " + standby.settings().endpoint();
    }

    private static Effect log(Level level, String message) {
        return new Effect.Log(level, message);
    }
}
