package dev.connectionregistry.internal;

import java.util.Collection;

/**
 * What the gates of one process decide together in a run that moves several names (docs/adr/0041): when they are HELD, and whom they
 * let through before. Pure functions.
 */
final class GroupDecisions {
    private GroupDecisions() {}

    /** How a data source takes part. */
    enum Stage {
        /** It serves nothing, so nobody can have a connection of it. */
        IDLE,
        /** It serves, and its gate is open: the hold hasn't reached it, or lasts too long for it. */
        OPEN,
        /** Its gate is closed, and it doesn't count as HELD. */
        CLOSED,
        /** It has said, or may say at any moment, that it is HELD. Only the end of the hold ends that. */
        HELD
    }

    /** Whom a closed gate lets through. */
    enum Passage {
        NOBODY,
        /** Those whose thread was let through elsewhere and still has what it got there. */
        KNOWN,
        /** All, in their order. */
        EVERYBODY
    }

    /**
     * One data source of the process.
     *
     * @param name which name of the run it is of; those of one name have the same
     * @param inUse how many of its connections are in use
     * @param unknown how many of these were taken before its gate was closed, so that any thread may have them
     */
    record Gate(String name, Stage stage, int inUse, int unknown) {}

    /**
     * Whether all closed gates become HELD now: all of them at once, so that nobody waits at one that is HELD with a connection that
     * another one waits for.
     */
    static boolean areHeld(Collection<Gate> process) {
        for (Gate gate : process) {
            if (gate.stage() == Stage.OPEN || isInUse(gate)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInUse(Gate gate) {
        return gate.stage() == Stage.CLOSED && gate.inUse() > 0;
    }

    /**
     * Whom {@code gate} lets through. As long as connections of another name are in use that were taken before the hold, anybody who
     * waits here may have one of them. After that only those can who were let through since, and they are known; so no others get in
     * and the number of those inside only falls.
     *
     * @param stuck whether the wait for use has made no progress for long enough that somebody may be waiting with a connection
     */
    static Passage passage(Gate gate, Collection<Gate> process, boolean stuck) {
        if (gate.stage() != Stage.CLOSED) {
            return Passage.NOBODY;
        }
        boolean anybodys = process.stream()
                .filter(other -> !other.name().equals(gate.name()))
                .anyMatch(
                        other -> other.stage() == Stage.OPEN || (other.stage() == Stage.CLOSED && other.unknown() > 0));
        return stuck && anybodys ? Passage.EVERYBODY : Passage.KNOWN;
    }
}
