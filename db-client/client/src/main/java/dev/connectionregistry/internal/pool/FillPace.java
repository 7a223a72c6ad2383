package dev.connectionregistry.internal.pool;

import java.time.Duration;

/**
 * How many logins of one pool may run at the same time: one at first, one more after each login in good time, one fewer after each slow
 * one. So a fleet that opens its pools at one moment slows down with its server instead of piling logins onto it. For one thread at a
 * time.
 */
final class FillPace {
    /** No pool has more logins under way. */
    static final int MOST = 4;

    /** Each login to a distant server takes long, so a login is slow if it takes much longer than the quickest one did. */
    private static final long TOLERATED_NANOS = Duration.ofMillis(100).toNanos();

    /** Slow whatever the quickest one took: when a whole fleet logs in at once, even the first login has to wait. */
    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();

    private long quickest = Long.MAX_VALUE;
    private int allowed = 1;

    /** How many may run now. */
    int allowed() {
        return allowed;
    }

    /** Takes note of a login that succeeded within {@code tookNanos}. */
    void note(long tookNanos) {
        quickest = Math.min(quickest, tookNanos);
        boolean slow = tookNanos > LONG_NANOS || tookNanos > 2 * quickest + TOLERATED_NANOS;
        allowed = slow ? Math.max(1, allowed - 1) : Math.min(MOST, allowed + 1);
    }
}
