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
 * Runs calls of the SDK on a thread aside, since the SDK's own can't be given up. A socket doesn't notice an interrupt,
 * and the SDK takes one that comes while an attempt times out for its own timer's and loses it; and it searches for
 * region and credentials before a call's time-outs begin. A thread change costs some microseconds of a call's
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
     * What {@code call} returns; what it throws is thrown. Has no bound of its own.
     *
     * @throws AbortedException if the calling thread is interrupted; the flag stays set, and the call is told to end
     */
    <T> T run(Supplier<T> call) {
        return run(call, Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * As {@link #run(Supplier)}, for no longer than {@code bound}.
     *
     * @throws TimedOut if it took too long; the call is told to end
     */
    <T> T run(Supplier<T> call, Duration bound) {
        return result(executor.submit(call::get), bound);
    }

    /**
     * What all of {@code calls} return, in their order; at most {@code atOnce} of them run at a time. Has no bound of its own. If one
     * throws, that is thrown, and the others are told to end.
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
