package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/** The checks that are made on the two servers. Thread-safe. */
public interface ServerChecks {
    /** All of them, in the order in which they are to be made. */
    List<About> all();

    /** Begins to look; nothing is contacted before the first check. The caller closes it. */
    Looking begin(Subject subject);

    /** Makes checks one after the other, over sessions that they share. For one thread at a time. */
    interface Looking extends AutoCloseable {
        /**
         * Makes one check. A lost session is reopened; a login that failed isn't tried again.
         *
         * @param about one of {@link ServerChecks#all}
         * @param bound how long it may take, give or take half a second
         * @throws ServerException if the check could not be made, saying why
         */
        Finding look(About about, Duration bound) throws ServerException;

        /** Ends the sessions; doesn't wait for the servers. */
        @Override
        void close();
    }
}
