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

    /** What {@link #onStop} is undone with; idempotent. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Has {@code task} called once a stop is requested, at once if it was; on the thread of who requests it, so it must return at
     * once.
     */
    default Registration onStop(Runnable task) {
        return () -> {};
    }

    /**
     * Waits for {@code duration}, also while a stop is requested: for what has to be brought to its end all the same.
     *
     * @return whether to go on; false if the thread was interrupted
     */
    boolean rest(Duration duration);

    /** Does now what would otherwise be done at a bad time; called just before one, when some 50 ms matter to nobody. */
    default void settle() {}

    /** Says how long, after a stop was requested, the work that is going on may need to end in good order. */
    default void stopTakes(Duration atMost) {}
}
