package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One piece of work on a server, on a thread of its own beside the coordinator's. Closing it waits until the work has ended, as
 * the session it works on is for one thread at a time; the work itself is bounded.
 *
 * @param <T> what comes of it
 */
public final class Beside<T> implements AutoCloseable {
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /** What is to be done. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws ServerException;
    }

    private final FutureTask<T> task;
    private final Thread thread;

    private Beside(String name, Work<T> work) {
        task = new FutureTask<>(work::run);
        thread = new Thread(task, name);
        thread.setDaemon(true);
    }

    /** Starts {@code work} on a daemon thread of this name; the caller owns the result. */
    public static <T> Beside<T> begin(String name, Work<T> work) {
        Beside<T> beside = new Beside<>(name, work);
        beside.thread.start();
        return beside;
    }

    /** The session it works on must not be used meanwhile, also where the caller was interrupted. */
    @Override
    public void close() {
        long end = System.nanoTime() + MARGIN.toNanos();
        boolean interrupted = false;
        while (thread.isAlive() && System.nanoTime() < end) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the work has ended, in whatever way; says whether it has within {@code bound}. */
    boolean ended(Duration bound) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, bound.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * The result of it; waits for it.
     *
     * @throws ServerException as the work
     * @throws StepFailure if it hasn't ended a while after {@code bound}
     */
    public T await(Duration bound) throws ServerException, StepFailure, InterruptedException {
        try {
            return task.get(bound.plus(MARGIN).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw StepFailure.failed("the target did not answer within " + bound.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServerException server) {
                throw server;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
