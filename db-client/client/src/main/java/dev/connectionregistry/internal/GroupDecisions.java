package dev.connectionregistry.internal;

import java.util.Collection;

/**
 * What the gates of one process decide together in a run that moves several names (docs/adr/0041): when they are HELD,
 * and which callers they let through before that. Pure functions.
 */
final class GroupDecisions {
    private GroupDecisions() {}

    /** How a data source takes part. */
    enum Stage {
        /** It serves nothing, so no caller can have a connection of it. */
        IDLE,
        /** It serves callers, and its gate is open: the hold hasn't reached it, or has lasted too long for it. */
        OPEN,
        /** Its gate is closed, and it doesn't count as HELD. */
        CLOSED,
        /** It has reported, or may report at any moment, that it is HELD. Only the end of the hold ends that. */
        HELD
    }

    /** Which callers a closed gate lets through. */
    enum Passage {
        NOBODY,
        /** Callers whose thread was let through elsewhere and still has the connection that it got. */
        KNOWN,
        /** All callers, in order. */
        EVERYBODY
    }

    /**
     * One data source of the process.
     *
     * @param name the name of the run that it belongs to; data sources for the same name have the same value
     * @param inUse how many of its connections are in use
     * @param unknown how many of these were taken before its gate was closed, so that any thread may have them
     */
    record Gate(String name, Stage stage, int inUse, int unknown) {}

    /**
     * Whether all closed gates become HELD now. They do so all at once, so that no caller waits at a HELD gate with a
     * connection that another gate waits for.
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
     * Which callers {@code gate} lets through. While connections of another name that were taken before the hold are
     * still in use, any waiting caller may have one of them. After that, only callers that were let through since then
     * can have one, and those are known; so no others get in, and the number of callers inside only falls.
     *
     * @param stuck whether the wait for use has made no progress for so long that a caller may be waiting with a
     *     connection
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
