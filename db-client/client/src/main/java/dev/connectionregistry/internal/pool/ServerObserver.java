package dev.connectionregistry.internal.pool;

import java.sql.SQLException;

/** What a generation's connections show about their server. Called by any thread; must not block. */
public interface ServerObserver {
    /** A failure that suggests a moved database. */
    void moved(SQLException failure);

    /**
     * Connections logged in with a password other than that of this generation's earlier connections, which the server
     * no longer accepts. May be called many times.
     */
    default void passwordChanged() {}

    /** Attempts to open connections start to fail, fail once more, or succeed again. */
    default void healthChanged() {}

    /**
     * A statement was refused because it is a write, although a primary is wanted; called every few seconds at most.
     */
    default void writeRefused() {}

    /**
     * New sessions can't write any more, where that is {@link AcceptedPrimary#FENCED_TOO accepted}. Called once until
     * the fence is lifted.
     */
    default void fenceMet() {}

    /** Called after {@link #fenceMet}, for the first new session that can write. */
    default void fenceLifted() {}
}
