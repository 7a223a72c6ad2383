package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.util.CleanLogger;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * One platform daemon thread. {@link #close} lets the running task finish. Exceptions that a task throws are logged.
 */
public final class ControlThread implements Scheduler {
    private static final Logger LOG = CleanLogger.of(ControlThread.class);

    private final ScheduledThreadPoolExecutor executor;

    /** The thread, called {@code name}, starts with the first task. */
    public ControlThread(String name) {
        executor = new ScheduledThreadPoolExecutor(1, NamedThreads.called(name));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            // closed: the result no longer matters
        }
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
        try {
            Future<?> future = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return Timer.NONE;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the executor would swallow it
            LOG.error("A task of the control thread failed", e);
        }
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
