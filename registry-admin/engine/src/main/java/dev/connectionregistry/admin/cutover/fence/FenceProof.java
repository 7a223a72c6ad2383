package dev.connectionregistry.admin.cutover.fence;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/**
 * The proof that a fence holds; {@code postgres.Fence} makes it. When it is made, it is certain that no session is
 * left. Whether a write in a new session of the services' role is refused may be known only later, since that takes a
 * login, and other things can be done meanwhile. Thread-safe.
 */
public interface FenceProof {
    /** Client sessions that were ended when it went up. */
    int sessionsEnded();

    /**
     * Waits until the write has been tried, and says how the server refused it, such as {@code 25006}. Safe to repeat.
     *
     * @throws ServerException {@code NOT_SO} saying what was seen, if it was not refused, or not because of the fence;
     *     {@code TIMED_OUT}
     */
    String refusal(Duration bound) throws ServerException;
}
