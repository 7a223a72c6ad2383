package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Optional;

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
         * @throws ServerException if a server can't be reached or refuses
         */
        FailureReasons open(ServerPair pair, Duration bound) throws ServerException;
    }

    /**
     * The cause, or else where to look for it. Commits nothing; skips what this role may not see.
     *
     * @param bound how long it may take
     * @throws ServerException if a session is lost
     */
    FailureReason of(WorkerFailure trouble, Duration bound) throws ServerException;

    @Override
    void close();

    /**
     * Why something fails. Immutable.
     *
     * @param known whether the servers said or showed it; otherwise this says where to look, and what may be the cause
     * @param what the cause and how it was found out, as one sentence; never a row's data
     * @param remedy what to do about it
     */
    record FailureReason(boolean known, String what, String remedy) {
        /** A cause that was seen. */
        public static FailureReason known(String what, String remedy) {
            return new FailureReason(true, what, remedy);
        }
    }

    /**
     * What fails, without the reason. Immutable.
     *
     * @param subscription the target's subscription whose worker it is
     * @param table whose copy fails; empty if it is the worker that applies changes
     */
    record WorkerFailure(String subscription, Optional<TableName> table) {
        public static WorkerFailure copying(String subscription, TableName table) {
            return new WorkerFailure(subscription, Optional.of(table));
        }

        /** A failure to apply changes, to any table. */
        public static WorkerFailure applying(String subscription) {
            return new WorkerFailure(subscription, Optional.empty());
        }
    }
}
