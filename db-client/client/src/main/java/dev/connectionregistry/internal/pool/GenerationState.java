package dev.connectionregistry.internal.pool;

/**
 * The life of one pool. It only goes forward: a return to an earlier endpoint is a new generation, never a step back.
 *
 * <pre>
 *   OPENING ──► READY ──► ACTIVE ──► DRAINING ──► CLOSED
 *      │  │        │                                 ▲
 *      │  └────────┴─────────────────────────────────┘   discarded before it served
 *      └──► FAILED                                       could not be opened or validated
 * </pre>
 */
public enum GenerationState {
    /** Connections are being opened and validated beside the current pool. */
    OPENING,
    /** Warm and validated; not used yet. */
    READY,
    /**
     * The pool that callers borrow from. A hold doesn't change that: it closes the gate in front of the pool, not the
     * pool, which stays as it is, has no successor yet, and is used again if the hold ends without one.
     */
    ACTIVE,
    /** Replaced; connections in use live until they are returned or the grace ends. */
    DRAINING,
    /** Nothing of it remains. */
    CLOSED,
    /** Could not be opened; nothing of it remains. */
    FAILED;

    /** Whether the diagram has a step from this state to {@code next}. */
    public boolean canBecome(GenerationState next) {
        return switch (this) {
            case OPENING -> next == READY || next == FAILED || next == CLOSED;
            case READY -> next == ACTIVE || next == CLOSED;
            case ACTIVE -> next == DRAINING;
            case DRAINING -> next == CLOSED;
            case CLOSED, FAILED -> false;
        };
    }
}
