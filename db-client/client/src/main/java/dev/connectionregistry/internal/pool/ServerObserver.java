package dev.connectionregistry.internal.pool;

import java.sql.SQLException;

/** What a generation's connections show of their server. Called by any thread; may not block. */
public interface ServerObserver {
    /** A failure that smells of a moved database. */
    void moved(SQLException failure);

    /**
     * Connections were opened with another password than earlier ones of this generation, which the server no longer takes.
     * Possibly said many times.
     */
    default void passwordChanged() {}

    /** Attempts to open connections began to fail, failed once more, or succeed again. */
    default void healthChanged() {}

    /** A statement was refused for being a write, where a primary is wanted; said every few seconds at most. */
    default void writeRefused() {}

    /** New sessions can't write any more, where that is {@link AcceptedPrimary#FENCED_TOO accepted}. Said once until it is lifted. */
    default void fenceMet() {}

    /** After {@link #fenceMet}, the first new session that can write. */
    default void fenceLifted() {}
}
