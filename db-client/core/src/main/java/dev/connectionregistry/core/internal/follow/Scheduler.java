package dev.connectionregistry.core.internal.follow;

import java.time.Duration;

/** The control thread and its clock. An interface, so that tests can control time. */
public interface Scheduler {
    /** Runs {@code task} on the control thread, after the tasks submitted before it. Does nothing once closed. */
    void execute(Runnable task);

    /** Runs {@code task} on the control thread after {@code delay}. */
    Timer schedule(Runnable task, Duration delay);

    /** The monotonic clock, in nanoseconds. */
    long nanoTime();

    /** Runs no more tasks. Idempotent. */
    void close();

    /** A task that hasn't run yet. */
    interface Timer {
        /** Cancels the task, unless it is already running. */
        void cancel();

        Timer NONE = () -> {};
    }
}
