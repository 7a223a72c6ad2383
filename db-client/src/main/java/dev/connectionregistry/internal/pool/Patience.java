package dev.connectionregistry.internal.pool;

import java.time.Duration;

/**
 * One caller's time: since when it waits, and how long it may. Made when a caller first has to wait, so that the hot path
 * needs neither a clock nor an object; kept until it is served, whatever pools and closed gates it meets. Immutable.
 *
 * @param since when it began, on the monotonic clock in nanoseconds
 * @param atMost the connection time-out of the pool that it came for
 */
record Patience(long since, Duration atMost) {
    /** A caller that begins to wait now. */
    static Patience of(Duration atMost) {
        return new Patience(System.nanoTime(), atMost);
    }

    /** A caller that has waited this long already. */
    static Patience after(Duration spent, Duration atMost) {
        return new Patience(System.nanoTime() - spent.toNanos(), atMost);
    }

    /** How long it may still wait, in nanoseconds; 0 or less if its time is up. */
    long leftNanos() {
        return atMost.toNanos() - (System.nanoTime() - since);
    }

    /** How long it has waited so far. */
    Duration waited() {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
