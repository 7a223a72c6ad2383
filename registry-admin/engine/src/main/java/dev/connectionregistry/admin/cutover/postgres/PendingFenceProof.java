package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A proof whose probe is still running, or has ended; the probe has a bound of its own. Thread-safe. */
record PendingFenceProof(int sessionsEnded, BoundedCall<String, ServerException> probe) implements FenceProof {
    @Override
    public String refusal(Duration bound) throws ServerException {
        try {
            return probe.get(bound);
        } catch (TimeoutException e) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    "it was still unknown whether the fence refuses a write after another " + bound.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException(Kind.TIMED_OUT, "interrupted while the fence was tried", e);
        }
    }
}
