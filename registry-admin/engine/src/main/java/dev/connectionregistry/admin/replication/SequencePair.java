package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.List;

/** The sequences of two servers. For one thread. The caller closes it. */
public interface SequencePair extends AutoCloseable {
    /** Logs in on both servers. */
    interface Opener {
        /**
         * Logs in.
         *
         * @throws ServerException if one of them can't be reached or refuses
         */
        SequencePair open(ServerPair pair, Duration bound) throws ServerException;
    }

    /**
     * Every sequence of the source, by schema and name.
     *
     * @throws ServerException such as where a right is missing, naming it
     */
    List<SequenceStanding> compare(Duration bound) throws ServerException;

    /**
     * Brings the target's to where the source's are, {@code margin} steps further on. None goes backwards.
     *
     * @throws ServerException also if one is missing or has no room, before anything is set
     */
    void copy(long margin, Duration bound) throws ServerException;

    @Override
    void close();
}
