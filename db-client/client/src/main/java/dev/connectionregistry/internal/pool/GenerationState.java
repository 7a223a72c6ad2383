package dev.connectionregistry.internal.pool;

/**
 * The life of one pool. One-way: going back to an older endpoint is a new generation, never a step back.
 *
 * <pre>
 *   OPENING ──► READY ──► ACTIVE ──► DRAINING ──► CLOSED
 *      │  │        │                                 ▲
 *      │  └────────┴─────────────────────────────────┘   discarded before it served
 *      └──► FAILED                                       could not be opened or validated
 * </pre>
 */
public enum GenerationState {
    /** Connections are being opened and validated beside the pool that serves. */
    OPENING,
    /** Warm and validated; not yet serving. */
    READY,
    /**
     * The one that callers borrow from. A hold doesn't change that: it closes the gate in front of the pool, not the pool, which
     * stays as it is, has no successor yet, and serves again if the hold ends without one.
     */
    ACTIVE,
    /** Replaced; connections in use live on until they are returned or the grace ends. */
    DRAINING,
    /** Nothing of it is left. */
    CLOSED,
    /** Could not be opened; nothing of it is left. */
    FAILED;

    /** Whether the step from this state to {@code next} is one of those in the diagram. */
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
