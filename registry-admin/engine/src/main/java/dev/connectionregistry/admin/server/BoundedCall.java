package dev.connectionregistry.admin.server;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call that may block, made on a daemon thread of its own. The thread that started it can do other work meanwhile,
 * waits no longer than it wants, and can be interrupted, even if the call heeds neither a bound nor an interrupt.
 *
 * <p>A wait that times out or is interrupted leaves the call running: the owner, who started it, either interrupts it,
 * closes this, or relies on the call's own bound. The thread ends with the call. Thread-safe.
 *
 * @param <T> the result
 * @param <E> the checked exception that the call may throw; {@code RuntimeException} if it throws none
 */
public final class BoundedCall<T, E extends Exception> implements AutoCloseable {
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);

    private final FutureTask<T> task;
    private final Thread thread;

    @FunctionalInterface
    public interface Call<T, E extends Exception> {
        T make() throws E;
    }

    private BoundedCall(String threadName, Call<T, E> call) {
        task = new FutureTask<>(call::make);
        thread = new Thread(task, threadName);
        thread.setDaemon(true);
    }

    /** Starts {@code call} on a thread of this name. */
    public static <T, E extends Exception> BoundedCall<T, E> start(String threadName, Call<T, E> call) {
        BoundedCall<T, E> started = new BoundedCall<>(threadName, call);
        started.thread.start();
        return started;
    }

    /** Whether the call has returned or thrown. */
    public boolean hasEnded() {
        return task.isDone();
    }

    /** Waits until the call has ended, for {@code atMost}; returns whether it has. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        try {
            task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /**
     * Waits for the result. Safe to repeat.
     *
     * @throws E what the call threw
     * @throws TimeoutException if the call hasn't ended after {@code atMost}; it goes on
     */
    public T get(Duration atMost) throws E, TimeoutException, InterruptedException {
        if (!awaitEnd(atMost)) {
            throw new TimeoutException("no answer within " + atMost.toMillis() + " ms");
        }
        return result();
    }

    /**
     * The result of a call that has ended.
     *
     * @throws E what the call threw
     * @throws IllegalStateException if it has not
     */
    public T result() throws E {
        if (!hasEnded()) {
            throw new IllegalStateException(thread.getName() + " has not ended");
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            BoundedCall.<E>rethrow(e.getCause());
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError("a result that is there is not waited for", e);
        }
    }

    /** Rethrows what the call threw, as if it had been made here. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void rethrow(@Nullable Throwable thrown) throws X {
        throw (X) Objects.requireNonNull(thrown);
    }

    /** Interrupts the call, for an owner that no longer wants its result. */
    public void interrupt() {
        thread.interrupt();
    }

    /**
     * Waits up to two seconds for the call to end, even if the thread is interrupted, since what the call works on must
     * not be used meanwhile; then interrupts the call.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + LAST_WAIT.toNanos();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && System.nanoTime() < end) {
            try {
                ended = awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!ended) {
            interrupt();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
