package dev.connectionregistry.secrets;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks resolvers on its own threads, so that a caller that needs a password waits for a bounded time and can be
 * interrupted, whatever the resolver does. Its threads, {@code connection-registry-secrets}, end when they have been
 * idle for ten seconds, and on {@link #close}. Thread-safe.
 */
final class SecretReads implements AutoCloseable {
    private static final String THREAD = "connection-registry-secrets";

    private final ThreadPoolExecutor threads;

    SecretReads() {
        threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, THREAD);
            thread.setDaemon(true);
            thread.setContextClassLoader(
                    SecretReads.class.getClassLoader()); // not the service's, which may have to be unloaded
            return thread;
        });
    }

    /**
     * Starts asking; completes with the password, or with the exception that was thrown. Fails at once after
     * {@link #close}.
     */
    CompletableFuture<Secret> begin(SecretResolver resolver, SecretRequest request) {
        CompletableFuture<Secret> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(answer, resolver, request));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new SecretException("this resolver was closed", e));
        }
        return answer;
    }

    private static void complete(CompletableFuture<Secret> answer, SecretResolver resolver, SecretRequest request) {
        try {
            answer.complete(resolver.resolve(request));
        } catch (SecretException | RuntimeException | Error e) { // the waiting caller must see it
            answer.completeExceptionally(e);
        }
    }

    /**
     * Waits for an answer. A caller that gives up doesn't cancel it for others.
     *
     * @throws SecretException if there is no password, none within {@code bound}, or the thread is interrupted; the
     *     interrupt flag then stays set
     */
    static Secret await(CompletableFuture<Secret> answer, Duration bound, SecretRequest request)
            throws SecretException {
        try {
            return answer.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SecretException(
                    request.reference() + ": no answer within " + bound.toMillis() + " ms; check that this machine can"
                            + " reach the place where it is kept",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SecretException(request.reference() + ": interrupted while it was looked up", e);
        } catch (ExecutionException e) {
            throw failure(request, e.getCause());
        }
    }

    private static SecretException failure(SecretRequest request, @Nullable Throwable cause) {
        return cause instanceof SecretException known
                ? new SecretException(String.valueOf(known.getMessage()), known)
                : new SecretException(
                        request.reference() + ": the look-up failed: "
                                + (cause == null ? "unknown" : cause.getClass().getName()),
                        cause);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
