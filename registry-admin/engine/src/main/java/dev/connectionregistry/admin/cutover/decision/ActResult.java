package dev.connectionregistry.admin.cutover.decision;

import java.util.Optional;

/**
 * How an act went.
 *
 * @param kind how
 * @param found what {@link Act#LOOK} showed; empty for every other act
 * @param cause what went wrong, for people; empty if nothing did
 */
public record ActResult(Kind kind, Optional<Found> found, String cause) {
    /** How an act went. */
    public enum Kind {
        /** It is done. */
        DONE,
        /** It is not done and won't take effect later; or its time, or the operator's patience, was over. */
        FAILED,
        /** It may have taken effect, or may yet: an answer was lost. */
        UNKNOWN,
        /** Another run has the registry's lock; nothing was changed. */
        LOCK_LOST,
        /** The session on the old server is gone, and the right to fence with it. */
        SESSION_LOST
    }

    /** Done. */
    public static ActResult done() {
        return new ActResult(Kind.DONE, Optional.empty(), "");
    }

    /** {@link Act#LOOK} showed this. */
    public static ActResult found(Found what) {
        return new ActResult(Kind.DONE, Optional.of(what), "");
    }

    /** Not done. */
    public static ActResult of(Kind kind, String cause) {
        return new ActResult(kind, Optional.empty(), cause);
    }
}
