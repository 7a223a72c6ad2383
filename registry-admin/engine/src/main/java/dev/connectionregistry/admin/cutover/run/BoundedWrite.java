package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.WriteResult;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write to the registry that is waited for only as long as callers may wait: the registry's own bounds are longer than many
 * a hold. It runs on a thread of its own, which is interrupted when its time is over and ends with it; it may still take effect
 * then, which the next epoch of the lock settles. The thread is a daemon, and has only what it was given.
 */
final class BoundedWrite {
    private static final String SETTLED = "; it may have taken effect, or may yet, until the lock is taken again";

    private BoundedWrite() {}

    /**
     * Writes.
     *
     * @param doing such as {@code writing version 4 of 'orders'}
     * @throws RegistryException as {@code write}; of kind {@code OUTCOME_UNKNOWN} if there is no answer within {@code bound}, or
     *     the thread is interrupted, whose flag is set then
     */
    static WriteResult run(String doing, Duration bound, Supplier<WriteResult> write) {
        FutureTask<WriteResult> task = new FutureTask<>(write::get);
        Thread thread = new Thread(task, "cutover-registry-write");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw unknown(
                    doing + ": the registry did not answer within the " + bound.toMillis()
                            + " ms that were left of the hold budget",
                    e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw unknown(doing + ": the thread was interrupted", e);
        } catch (ExecutionException e) {
            BoundedWrite.<RuntimeException>rethrow(e.getCause());
            throw new AssertionError(e);
        }
    }

    private static RegistryException unknown(String what, Throwable cause) {
        return new RegistryException(RegistryException.Kind.OUTCOME_UNKNOWN, what + SETTLED, cause);
    }

    /** Whatever the write threw, as if it had been called here. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(@Nullable Throwable cause) throws T {
        throw (T) cause;
    }
}
