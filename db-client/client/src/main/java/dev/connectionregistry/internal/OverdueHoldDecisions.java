package dev.connectionregistry.internal;

import dev.connectionregistry.internal.ClientState.Opening;
import dev.connectionregistry.internal.ClientState.Serving;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import org.slf4j.event.Level;

/**
 * A hold that is not ended in time (docs/adr/0011). The gate opens to the source. Because the fence may still be up
 * there, a server that refuses writes is accepted, but only this server, and only until newer settings decide what
 * follows. The fence, not the hold, keeps data safe; reading from a fenced source does no harm.
 */
final class OverdueHoldDecisions {
    private OverdueHoldDecisions() {}

    /** An instance that receives nothing for too long serves its callers again. */
    static Decision holdOverdue(ClientState state, long version) {
        GateHold hold = state.hold();
        if (hold == null || hold.overdue() || hold.closedBy() != version) {
            return Decision.of(state);
        }
        Effect word = log(
                Level.WARN,
                "cutover " + hold.run() + " has held the gate for twice its budget; opening it on the source,"
                        + " which may be fenced and then serves reads only");
        return onSource(state.withHold(hold.nowOverdue()), word);
    }

    private static Decision onSource(ClientState state, Effect word) {
        Serving serving = state.serving();
        if (serving != null) {
            return Decision.of(state, word, new Effect.Release(serving.generation(), AcceptedPrimary.FENCED_TOO));
        }
        SettingsToServe newest = state.newest();
        return newest == null || state.opening() != null
                ? Decision.of(state, word)
                : Decision.of(state, word).then(next -> GenerationDecisions.open(next, newest, 1));
    }

    /** An instance that started on a server that needn't accept writes starts over when newer settings end the hold. */
    static Decision giveUpStart(ClientState state, SettingsToServe newer) {
        GateHold hold = state.hold();
        return hold != null && hold.overdue() && state.serving() == null
                ? GenerationDecisions.giveUpOpening(state, newer).then(clear -> Decision.of(clear.withHold(null)))
                : Decision.of(state);
    }

    /** The source refuses writes. */
    static Decision fenceMet(ClientState state, long generation) {
        GateHold hold = state.hold();
        if (hold == null || !hold.overdue() || !isSource(state, generation)) {
            return Decision.of(state);
        }
        GateHold fenced = hold.nowFenced();
        return Decision.of(state.withHold(fenced), log(Level.WARN, fenced.complaint()));
    }

    /**
     * Somebody lifted the fence; newer settings will decide what follows. Sessions from before that would stay
     * read-only.
     */
    static Decision fenceLifted(ClientState state, long generation) {
        GateHold hold = state.hold();
        Serving serving = state.serving();
        if (hold == null || !hold.overdue() || serving == null || serving.generation() != generation) {
            return Decision.of(state);
        }
        return Decision.of(
                state.withHold(hold.nowOverdue()),
                log(Level.INFO, "the fence of cutover " + hold.run() + " is gone: the source accepts writes"),
                new Effect.ReplaceFenced(generation, AcceptedPrimary.FENCED_TOO));
    }

    private static boolean isSource(ClientState state, long generation) {
        Serving serving = state.serving();
        Opening opening = state.opening();
        return serving != null
                ? serving.generation() == generation
                : opening != null && opening.generation() == generation;
    }

    /** Newer settings keep the source: it is an ordinary primary again. */
    static Decision ended(ClientState state, GateHold hold, Serving serving) {
        return Decision.of(
                state,
                log(Level.INFO, "cutover " + hold.run() + " has ended its hold, which lasted too long"),
                new Effect.ReplaceFenced(serving.generation(), AcceptedPrimary.WRITABLE));
    }

    private static Effect log(Level level, String message) {
        return new Effect.Log(level, message);
    }
}
