package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;

/** Looks at the replication between two servers. Changes nothing. For one thread. The caller closes it. */
public interface ReplicationView extends AutoCloseable {
    /** Logs in on both servers. */
    interface Opener {
        /**
         * Logs in.
         *
         * @throws ServerException if a server can't be reached or refuses
         */
        ReplicationView open(ServerPair pair, Duration bound) throws ServerException;
    }

    /**
     * What both servers say now.
     *
     * @throws ServerException if one of them can't be asked
     */
    ReplicationFacts look(Duration bound) throws ServerException;

    @Override
    void close();
}
