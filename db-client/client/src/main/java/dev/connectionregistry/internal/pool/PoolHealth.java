package dev.connectionregistry.internal.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether one generation's attempts to open connections succeed. It adds no cost to borrowing: it only hears of
 * attempts, which are rare. Thread-safe.
 */
final class PoolHealth {
    /** If there are connections left to use, attempts that fail for less than this may be a hiccup. */
    static final Duration HICCUP = Duration.ofSeconds(5);
    /** How often a refused write is a reason to ask the server whether it is read-only. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();
    private final AtomicLong nextLook;

    /**
     * The attempts that fail.
     *
     * @param latest the latest failure
     * @param sinceNanos when the first failure after the last success happened
     * @param latestNanos when the latest failure happened
     */
    private record Failing(SQLException latest, long sinceNanos, long latestNanos) {}

    PoolHealth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextLook = new AtomicLong(nanoTime.getAsLong());
    }

    /** An attempt succeeded; returns whether the previous one had failed. */
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

    /** Whether the latest attempt failed because the server refuses writes. */
    boolean isRefusingWrites() {
        Failing now = failing.get();
        return now != null && MovedDatabaseErrors.isDemoted(now.latest());
    }

    /** Whether attempts failed, and none was made for {@code quiet}. */
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
