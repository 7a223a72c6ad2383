package dev.connectionregistry.internal.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether one generation's attempts to open connections succeed. Costs nothing where connections are borrowed: it is told only
 * of attempts, which are rare. Thread-safe.
 */
final class PoolHealth {
    /** With connections left to serve from, attempts that fail for less than this may be a hiccup. */
    static final Duration HICCUP = Duration.ofSeconds(5);
    /** How often a refused write is a reason to ask the server whether it is read-only. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();
    private final AtomicLong nextLook;

    /**
     * Attempts fail.
     *
     * @param latest how the latest one did
     * @param sinceNanos when the first one did that was followed by no success
     * @param latestNanos when the latest one did
     */
    private record Failing(SQLException latest, long sinceNanos, long latestNanos) {}

    PoolHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
    }

    /** An attempt succeeded; says whether the one before had failed. */
    boolean opened() {
        return failing.getAndSet(null) != null;
    }

    /** An attempt failed. */
    void failed(SQLException failure) {
        long now = nanoTime.getAsLong();
        failing.updateAndGet(before -> new Failing(failure, before == null ? now : before.sinceNanos(), now));
    }

    /** Whether the latest attempt failed. */
    boolean isFailing() {
        return failing.get() != null;
    }

    /** How the latest attempt failed; null if it didn't. */
    @Nullable
    SQLException latestFailure() {
        Failing now = failing.get();
        return now == null ? null : now.latest();
    }

    /** Whether the latest attempt failed because the server takes no writes. */
    boolean isRefusingWrites() {
        Failing now = failing.get();
        return now != null && MovedDatabaseErrors.isDemoted(now.latest());
    }

    /** Whether attempts failed, and there was none for {@code quiet}. */
    boolean isForgotten(Duration quiet) {
        Failing now = failing.get();
        return now != null && nanoTime.getAsLong() - now.latestNanos() >= quiet.toNanos();
    }

    /** What is wrong with a pool that has {@code connections}; null if nothing is. */
    @Nullable
    ServingPoolProblem trouble(int connections) {
        Failing now = failing.get();
        if (now == null) {
            return null;
        }
        boolean passing = connections > 0 && nanoTime.getAsLong() - now.sinceNanos() < HICCUP.toNanos();
        return passing && !MovedDatabaseErrors.isDemoted(now.latest())
                ? null
                : new ServingPoolProblem(String.valueOf(now.latest().getMessage()), now.sinceNanos());
    }

    /** Whether a write that was refused is a reason to ask the server now; true at most every 5 s. */
    boolean isLookDue() {
        long due = nextLook.get();
        long now = nanoTime.getAsLong();
        return now - due >= 0 && nextLook.compareAndSet(due, now + LOOK_EVERY.toNanos());
    }
}
