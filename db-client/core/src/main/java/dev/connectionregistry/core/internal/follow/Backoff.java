package dev.connectionregistry.core.internal.follow;

import java.time.Duration;

/** How long to wait at most after the n-th failure in a row; the actual wait is a random part of it. Pure. */
public final class Backoff {
    /** While starting, an unreadable registry is read again at least this often. */
    static final Duration START_RETRY = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration FIRST_OPEN = Duration.ofMillis(500);

    private Backoff() {}

    /**
     * After {@code failures} reads without an answer: starts at the interval and doubles, up to the larger of the
     * interval and 30 s.
     */
    public static Duration poll(Duration interval, int failures) {
        return doubled(interval, failures, interval.compareTo(LONGEST) > 0 ? interval : LONGEST);
    }

    /** After {@code attempts} attempts to open a pool: starts at half a second and doubles, up to 30 s. */
    public static Duration open(int attempts) {
        return doubled(FIRST_OPEN, attempts, LONGEST);
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        Duration wait = first.multipliedBy(1L << Math.min(20, Math.max(0, times)));
        return wait.compareTo(longest) > 0 ? longest : wait;
    }
}
