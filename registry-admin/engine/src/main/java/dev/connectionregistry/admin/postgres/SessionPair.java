package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/**
 * A session on each of two servers. The caller closes it, which closes both. For one thread.
 *
 * @param source the session on the server that rows come from
 * @param target the session on the server that they go to
 */
public record SessionPair(Session source, Session target) implements AutoCloseable {
    /**
     * Logs in on both.
     *
     * @throws ServerException if a server can't be reached or refuses; then nothing is left open
     */
    public static SessionPair open(Login source, Login target, String application, Duration bound)
            throws ServerException {
        Deadline end = Deadline.of(bound);
        Session first = Session.open(source, application, end.left());
        try {
            return new SessionPair(first, Session.open(target, application, end.left()));
        } catch (ServerException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
