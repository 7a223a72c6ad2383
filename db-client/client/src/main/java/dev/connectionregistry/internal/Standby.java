package dev.connectionregistry.internal;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import java.util.Optional;

/**
 * The pool for a cutover's target, beside the current pool. Immutable.
 *
 * @param run the run that it is for
 * @param settings the settings that its connections are opened with
 * @param generation the pool that was last started
 * @param stage how far it is
 * @param cause why it can't be opened; empty unless it is {@link Stage#REFUSED}
 * @param attempt the number of this attempt, from 1
 * @param listenersTold whether every listener knows that a cutover is coming
 */
record Standby(
        String run,
        ConnectionSettings settings,
        long generation,
        Stage stage,
        Optional<String> cause,
        int attempt,
        boolean listenersTold) {

    enum Stage {
        OPENING,
        READY,
        REFUSED
    }

    static Standby opening(Transition transition, long generation) {
        return new Standby(transition.id(), transition.target(), generation, Stage.OPENING, Optional.empty(), 1, false);
    }

    boolean isReady() {
        return stage == Stage.READY;
    }

    /** Whether this is the pool that the settings need. */
    boolean serves(ConnectionSettings wanted) {
        return PoolChange.between(settings, wanted) != PoolChange.NEW_POOL;
    }

    Standby ready() {
        return new Standby(run, settings, generation, Stage.READY, Optional.empty(), attempt, listenersTold);
    }

    Standby refused(String why) {
        return new Standby(run, settings, generation, Stage.REFUSED, Optional.of(why), attempt, listenersTold);
    }

    Standby again(long nextGeneration) {
        return new Standby(run, settings, nextGeneration, Stage.OPENING, Optional.empty(), attempt + 1, listenersTold);
    }

    Standby told() {
        return new Standby(run, settings, generation, stage, cause, attempt, true);
    }

    /** The same pool for another run with the same target; listeners don't know of that run yet. */
    Standby adoptedBy(String other) {
        return new Standby(other, settings, generation, stage, cause, attempt, false);
    }
}
