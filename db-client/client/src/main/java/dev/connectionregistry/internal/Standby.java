package dev.connectionregistry.internal;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import java.util.Optional;

/**
 * The pool for a cutover's target, beside the one that serves. Immutable.
 *
 * @param run which cutover it is for
 * @param settings what its connections are opened with
 * @param generation the pool that was last begun
 * @param stage what became of it
 * @param cause why it can't be opened; empty unless it is {@link Stage#REFUSED}
 * @param attempt the how-manieth try, from 1
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

    /** Whether settings ask for the pool that this is. */
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

    /** The same pool for another cutover to the same place, of which the listeners know nothing yet. */
    Standby adoptedBy(String other) {
        return new Standby(other, settings, generation, stage, cause, attempt, false);
    }
}
