package dev.connectionregistry.registry.dynamodb;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Runs searches of the SDK that have no time-out of their own (the SDK asks the metadata service of the machine for
 * region and credentials before a call's time-outs begin) on a thread aside, so that nobody waits longer than the bound.
 * Thread-safe; its one thread ends when idle and on {@link #close}.
 */
final class BoundedLookup implements AutoCloseable {
    private final Duration bound;
    private final ThreadPoolExecutor executor;

    BoundedLookup(Duration bound) {
        this.bound = bound;
        this.executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "registry-aws-lookup");
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    /** The search did not end within the bound. */
    static final class TimedOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TimedOut(Duration bound) {
            super("no answer in " + bound.toMillis() + " ms");
        }
    }

    /**
     * What {@code search} finds; what it throws is thrown.
     *
     * @throws TimedOut if it took too long; it is interrupted then
     * @throws AbortedException if the calling thread is interrupted; the flag stays set
     */
    <T> T find(Supplier<T> search) {
        Future<T> found = executor.submit(search::get);
        try {
            return found.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            found.cancel(true);
            throw new TimedOut(bound);
        } catch (InterruptedException e) {
            found.cancel(true);
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
