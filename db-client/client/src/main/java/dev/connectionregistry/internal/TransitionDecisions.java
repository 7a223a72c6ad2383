package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Backoff;
import dev.connectionregistry.internal.ClientState.Opening;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.Transition;
import java.util.OptionalLong;
import org.slf4j.event.Level;

/**
 * The instance's part of a cutover (docs/adr/0011): when to open a standby pool, when to close the gate, and to which
 * pool to open it again. The gate opens when the pool of the newest steady settings is ready, when they turn out to
 * need no other pool, or when it was closed for too long ({@link OverdueHoldDecisions}).
 */
final class TransitionDecisions {
    private TransitionDecisions() {}

    /** Newer settings were read: settings with a transition start or continue it, steady settings end it. */
    static Decision accept(ClientState state, SettingsToServe target) {
        Transition transition = target.transition().orElse(null);
        if (transition == null) {
            return settle(state, target);
        }
        Decision acknowledged = transition.phase() == Transition.Phase.HOLD
                ? hold(state, target, transition)
                : OverdueHoldDecisions.giveUpStart(state, target)
                        .then(TransitionDecisions::letThrough)
                        .then(open -> GenerationDecisions.accept(open, target));
        return acknowledged.then(next -> standBy(next, target, transition)).then(TransitionDecisions::tellIfHeld);
    }

    /** The registry confirms what a snapshot contained, and adds that a cutover is under way. */
    static Decision confirmed(ClientState state, SettingsToServe target) {
        Decision known = GenerationDecisions.confirmed(state, target);
        Transition transition = target.transition().orElse(null);
        if (transition == null) {
            return known;
        }
        return (transition.phase() == Transition.Phase.HOLD
                        ? known.then(next -> hold(next, target, transition))
                        : known)
                .then(next -> standBy(next, target, transition))
                .then(TransitionDecisions::tellIfHeld);
    }

    private static Decision standBy(ClientState state, SettingsToServe target, Transition transition) {
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
                    unheard(state).withStandby(Standby.opening(transition, state.nextGeneration())),
                    log(Level.INFO, transition + " begins with " + target.name()),
                    new Effect.Listen(transition),
                    new Effect.Open(state.nextGeneration(), target.version(), transition.target()),
                    new Effect.TellListeners(transition.id()));
        }
        return standby.run().equals(transition.id())
                ? Decision.of(state)
                : Decision.of(
                        unheard(state).withStandby(standby.adoptedBy(transition.id())),
                        new Effect.Listen(transition),
                        new Effect.TellListeners(transition.id()));
    }

    /** The state in which nothing is known yet of the signals to come. */
    private static ClientState unheard(ClientState state) {
        return state.withSignals(state.signals().working(false));
    }

    /** Closes the gate, or keeps it closed; an instance that has no pool yet waits for the end of the hold. */
    private static Decision hold(ClientState state, SettingsToServe target, Transition transition) {
        return GenerationDecisions.giveUpOpening(state, target)
                .then(clear -> Decision.of(clear.acknowledging(target)))
                .then(known -> closeGate(known, target, transition));
    }

    private static Decision closeGate(ClientState state, SettingsToServe target, Transition transition) {
        GateHold before = state.hold();
        if (before != null && !before.overdue()) {
            return Decision.of(state); // already closed; the time of waiting callers continues
        }
        Serving serving = state.serving();
        GateHold hold = GateHold.closed(transition.id(), target.version(), serving == null);
        Decision closed = Decision.of(
                state.withHold(hold),
                log(Level.INFO, transition + ": " + target.name() + " holds all checkouts"),
                new Effect.HoldUntil(target.version(), transition.longestHold()));
        return serving == null ? closed : closed.and(new Effect.Hold(serving.generation(), transition.toString()));
    }

    static Decision drained(ClientState state, long generation) {
        GateHold hold = state.hold();
        Serving serving = state.serving();
        return hold == null || hold.overdue() || serving == null || serving.generation() != generation
                ? Decision.of(state)
                : Decision.of(state.withHold(hold.nowDrained()), log(Level.INFO, "nothing is in use any more"))
                        .then(TransitionDecisions::tellIfHeld);
    }

    /** An instance that is HELD in the hold of the newest version proves it without waiting for its report. */
    private static Decision tellIfHeld(ClientState state) {
        GateHold hold = state.hold();
        OptionalLong version = state.heldVersion();
        return hold != null && version.isPresent() && state.instanceState() == InstanceState.HELD
                ? Decision.of(state, new Effect.RevealHeld(hold.run(), version.getAsLong()))
                : Decision.of(state);
    }

    /** Steady settings: the switch, the undo, or something unrelated. */
    private static Decision settle(ClientState state, SettingsToServe target) {
        Standby standby = state.standby();
        ClientState steady = unheard(state).withStandby(null);
        Decision settled = OverdueHoldDecisions.giveUpStart(steady, target)
                .then(clear -> standby == null
                        ? GenerationDecisions.accept(clear, target)
                        : endStandby(clear, standby, target).and(new Effect.StopListening()));
        return settled.then(TransitionDecisions::letThroughIfSettled);
    }

    private static Decision endStandby(ClientState state, Standby standby, SettingsToServe target) {
        if (!standby.serves(target.settings()) || standby.stage() == Standby.Stage.REFUSED) {
            Decision given = standby.stage() == Standby.Stage.REFUSED
                    ? Decision.of(state)
                    : Decision.of(
                            state, new Effect.Abandon(standby.generation(), target.name() + " undid the cutover"));
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

    /** The hold, if there is one, is over: the current pool must again be one that accepts writes. */
    private static Decision letThrough(ClientState state) {
        GateHold hold = state.hold();
        Serving serving = state.serving();
        ClientState open = state.withHold(null);
        if (hold == null || serving == null) {
            return Decision.of(open);
        }
        return hold.overdue()
                ? OverdueHoldDecisions.ended(open, hold, serving)
                : Decision.of(
                        open,
                        log(Level.INFO, "cutover " + hold.run() + " was undone: the gate opens again"),
                        new Effect.Release(serving.generation()));
    }

    static Decision opened(ClientState state, long generation) {
        Standby standby = state.standby();
        return standby == null || standby.generation() != generation
                ? GenerationDecisions.opened(state, generation)
                : ready(state, standby);
    }

    private static Decision ready(ClientState state, Standby standby) {
        return Decision.of(
                        state.withStandby(standby.ready()),
                        log(Level.INFO, "the standby pool for " + name(standby) + " is ready"))
                .then(TransitionDecisions::tellIfHeld);
    }

    static Decision refused(ClientState state, long generation, String cause) {
        Standby standby = state.standby();
        return standby == null || standby.generation() != generation
                ? GenerationDecisions.refused(state, generation, cause)
                : refused(state, standby, cause);
    }

    private static Decision refused(ClientState state, Standby standby, String cause) {
        boolean again = standby.attempt() > 1;
        return Decision.of(
                state.withStandby(standby.refused(cause)),
                new Effect.RetryAfter(state.acknowledged(), Backoff.open(standby.attempt())),
                log(
                        again ? Level.DEBUG : Level.WARN,
                        "the standby pool for " + name(standby) + " can't be opened: " + cause + " (trying again)"));
    }

    static Decision retry(ClientState state, long version) {
        Standby standby = state.standby();
        if (standby == null || standby.stage() != Standby.Stage.REFUSED) {
            return GenerationDecisions.retry(state, version);
        }
        Standby again = standby.again(state.nextGeneration());
        return Decision.of(
                state.withStandby(again), new Effect.Open(again.generation(), state.acknowledged(), again.settings()));
    }

    static Decision listenersTold(ClientState state, String run) {
        Standby standby = state.standby();
        return standby == null || !standby.run().equals(run)
                ? Decision.of(state)
                : Decision.of(state.withStandby(standby.told()));
    }

    private static String name(Standby standby) {
        return "cutover " + standby.run() + " to " + standby.settings().endpoint();
    }

    private static Effect log(Level level, String message) {
        return new Effect.Log(level, message);
    }
}
