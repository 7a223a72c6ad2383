package dev.connectionregistry.admin.common;

import java.time.Duration;
import java.time.Instant;

/** Time as the waits see it, and the way they are told to stop. Implementations are thread-safe. */
public interface Timing {
    /** Monotonic nanoseconds from an arbitrary start; for all durations. */
    long nanoTime();

    /** The wall clock; for people, and for the age of reports that haven't changed yet. */
    Instant now();

    /**
     * Waits for {@code duration}, or less if a stop is requested.
     *
     * @return whether to go on; false once {@link #stopped()} holds
     */
    boolean pause(Duration duration);

    /** Whether the operator asked to stop (Ctrl-C, or a termination signal). */
    boolean stopped();

    /** Undoes an {@link #onStop}; idempotent. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Calls {@code task} once a stop is requested, or at once if it was already. It runs on the thread that requests
     * the stop, so it must return at once.
     */
    default Registration onStop(Runnable task) {
        return () -> {};
    }

    /**
     * Waits for {@code duration} even if a stop was requested: for work that must be finished all the same.
     *
     * @return whether to go on; false if the thread was interrupted
     */
    boolean rest(Duration duration);

    /**
     * Does now what would otherwise be done at a bad time; called just before such a time, while some 50 ms don't
     * matter.
     */
    default void settle() {}

    /** Says how long the current work may need to end cleanly after a stop is requested. */
    default void stopTakes(Duration atMost) {}
}
