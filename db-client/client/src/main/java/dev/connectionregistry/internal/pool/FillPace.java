package dev.connectionregistry.internal.pool;

import java.time.Duration;

/**
 * How many logins of one pool may run at the same time: one at first, one more after each quick login, one fewer after
 * each slow one. So a fleet that opens all its pools at once slows down with its server instead of piling up logins on
 * it. For one thread at a time.
 */
final class FillPace {
    /** No pool has more logins under way. */
    static final int MOST = 4;

    /**
     * Each login to a distant server takes long, so a login counts as slow if it takes much longer than the quickest
     * one did.
     */
    private static final long TOLERATED_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * Always counts as slow, whatever the quickest took: when a whole fleet logs in at once, even the first login must
     * wait.
     */
    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();

    private long quickest = Long.MAX_VALUE;
    private int allowed = 1;

    /** How many may run now. */
    int allowed() {
        return allowed;
    }

    /** Notes a login that succeeded after {@code tookNanos}. */
    void note(long tookNanos) {
        quickest = Math.min(quickest, tookNanos);
        boolean slow = tookNanos > LONG_NANOS || tookNanos > 2 * quickest + TOLERATED_NANOS;
        allowed = slow ? Math.max(1, allowed - 1) : Math.min(MOST, allowed + 1);
    }
}
