package dev.connectionregistry.core.internal.follow;

import java.time.Duration;

/** The control thread and its clock: a seam, so that tests decide when time passes. */
public interface Scheduler {
    /** Runs {@code task} on the control thread, after those that were handed over before. Does nothing once closed. */
    void execute(Runnable task);

    /** Runs {@code task} on the control thread after {@code delay}. */
    Timer schedule(Runnable task, Duration delay);

    /** The monotonic clock, in nanoseconds. */
    long nanoTime();

    /** Runs nothing more. Idempotent. */
    void close();

    /** A task that hasn't run yet. */
    interface Timer {
        /** Forgets the task, unless it already runs. */
        void cancel();

        Timer NONE = () -> {};
    }
}
