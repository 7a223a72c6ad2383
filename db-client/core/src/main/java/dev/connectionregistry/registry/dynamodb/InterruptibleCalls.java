package dev.connectionregistry.registry.dynamodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Runs calls of the SDK on another thread, because the SDK's own calls can't be cancelled. A socket doesn't notice an
 * interrupt; the SDK mistakes an interrupt during an attempt's time-out for its own timer's and loses it; and it looks
 * for region and credentials before a call's time-outs begin. Changing threads costs a few microseconds; a call takes
 * milliseconds.
 *
 * <p>Thread-safe. Its threads end when idle for ten seconds, and on {@link #close}.
 */
final class InterruptibleCalls implements AutoCloseable {
    private final ThreadPoolExecutor executor;

    InterruptibleCalls(String threadName) {
        this.executor =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(InterruptibleCalls.class.getClassLoader());
                    return thread;
                });
    }

    /** A call did not end within its bound. */
    static final class TimedOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TimedOut(Duration bound) {
            super("no answer in " + bound.toMillis() + " ms");
        }
    }

    /**
     * Returns what {@code call} returns, and throws what it throws. Has no bound of its own.
     *
     * @throws AbortedException if the calling thread is interrupted; the interrupt flag stays set, and the call is
     *     cancelled
     */
    <T> T run(Supplier<T> call) {
        return run(call, Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * As {@link #run(Supplier)}, but for at most {@code bound}.
     *
     * @throws TimedOut if it took too long; the call is cancelled
     */
    <T> T run(Supplier<T> call, Duration bound) {
        return result(executor.submit(call::get), bound);
    }

    /**
     * Returns the results of all {@code calls}, in order; at most {@code atOnce} of them run at a time. Has no bound of
     * its own. If one throws, its exception is thrown and the others are cancelled.
     *
     * @throws AbortedException as for {@link #run(Supplier)}
     */
    <T> List<T> runAll(List<Supplier<T>> calls, int atOnce) {
        List<Future<T>> begun = new ArrayList<>();
        List<T> results = new ArrayList<>();
        try {
            while (results.size() < calls.size()) {
                while (begun.size() < Math.min(calls.size(), results.size() + atOnce)) {
                    begun.add(executor.submit(calls.get(begun.size())::get));
                }
                results.add(result(begun.get(results.size()), Duration.ofNanos(Long.MAX_VALUE)));
            }
            return results;
        } finally {
            begun.forEach(each -> each.cancel(true)); // without effect on those that have ended
        }
    }

    private static <T> T result(Future<T> result, Duration bound) {
        try {
            return result.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            result.cancel(true);
            throw new TimedOut(bound);
        } catch (InterruptedException e) {
            result.cancel(true);
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
