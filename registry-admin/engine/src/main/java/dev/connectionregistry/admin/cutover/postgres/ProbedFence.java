package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A proof whose probe runs on a thread of its own; the probe is bounded, so the thread ends by itself. Thread-safe. */
final class ProbedFence implements FenceProof {
    private final int sessionsEnded;
    private final FutureTask<String> probe;

    private ProbedFence(int sessionsEnded, FutureTask<String> probe) {
        this.sessionsEnded = sessionsEnded;
        this.probe = probe;
    }

    /** Begins the probe. */
    static ProbedFence begin(int sessionsEnded, Callable<String> probe) {
        FutureTask<String> task = new FutureTask<>(probe);
        Thread thread = new Thread(task, "registry-admin-fence-probe");
        thread.setDaemon(true);
        thread.start();
        return new ProbedFence(sessionsEnded, task);
    }

    @Override
    public int sessionsEnded() {
        return sessionsEnded;
    }

    @Override
    public String refusal(Duration bound) throws ServerException {
        try {
            return probe.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    "whether the fence refuses a write was not known after another " + bound.toMillis() + " ms",
                    null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException(Kind.TIMED_OUT, "interrupted while the fence was tried", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServerException server) {
                throw server;
            }
            throw new IllegalStateException("the fence could not be tried", e.getCause());
        }
    }
}
