package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;

/**
 * Finds out why a worker fails, from what both servers show: locks, slots, publications, the servers' logs, and trials of the same
 * statements in transactions that are rolled back. For one thread. The caller closes it.
 */
public interface FailureReasons extends AutoCloseable {
    /** Logs in on both servers. */
    @FunctionalInterface
    interface Opener {
        /**
         * Logs in.
         *
         * @throws ServerException if one of them can't be reached or refuses
         */
        FailureReasons open(ServerPair pair, Duration bound) throws ServerException;
    }

    /**
     * The cause, or else where to look for it. Commits nothing; what this role may not look at is passed over.
     *
     * @param bound by when it is back
     * @throws ServerException if a session is lost
     */
    FailureReason of(WorkerFailure trouble, Duration bound) throws ServerException;

    @Override
    void close();
}
