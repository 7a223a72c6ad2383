package dev.connectionregistry.internal.pool;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits for a condition of a pool that nothing announces. */
final class BoundedWait {
    private static final long STEP_NANOS = Duration.ofMillis(2).toNanos();

    private BoundedWait() {}

    /**
     * Waits until {@code condition} holds, {@code bound} has passed, or the thread is interrupted (the flag stays set).
     *
     * @return whether the condition held
     */
    static boolean until(Duration bound, BooleanSupplier condition) {
        return until(bound, STEP_NANOS, condition);
    }

    /** As {@link #until(Duration, BooleanSupplier)}, checking every {@code stepNanos}. */
    static boolean until(Duration bound, long stepNanos, BooleanSupplier condition) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (deadline - System.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(stepNanos);
        }
        return true;
    }
}
