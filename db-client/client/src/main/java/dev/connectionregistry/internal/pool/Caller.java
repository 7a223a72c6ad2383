package dev.connectionregistry.internal.pool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A caller that has to wait: since when, for how long, and whether it is its turn. Created when a caller first has to
 * wait, so that the hot path needs neither a clock nor an object; kept until the caller is served, whatever pools and
 * closed gates it meets. Callers are ordered by arrival, which is their position in the {@link CallerQueue}.
 *
 * <p>For the thread that created it; only the queue gives turns.
 */
final class Caller implements Comparable<Caller> {
    private static final long KEPT_NANOS = 2 * PoolGeneration.SLICE.toNanos();

    private final long since;
    private final Duration atMost;
    private final long number;
    private final Thread thread = Thread.currentThread();
    /** Written under the queue's lock; null while it waits in the line. */
    private volatile @Nullable Turn turn;
    /** Since when it has asked the pool, or been allowed to. */
    private volatile long askingSince;

    /**
     * A caller that is already waiting.
     *
     * @param since when its wait began, on the monotonic clock in nanoseconds
     * @param atMost the connection time-out of the pool that it came for
     * @param number orders callers that arrived in the same nanosecond
     */
    Caller(long since, Duration atMost, long number) {
        this.since = since;
        this.atMost = atMost;
        this.number = number;
    }

    /** How long it may wait in total. */
    Duration atMost() {
        return atMost;
    }

    /** How long it may still wait, in nanoseconds; 0 or less if its time is up. */
    long leftNanos() {
        return atMost.toNanos() - (System.nanoTime() - since);
    }

    /** How long it has waited so far. */
    Duration waited() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** Its turn; null while it waits in the line. */
    @Nullable
    Turn turn() {
        return turn;
    }

    /** Gives it a turn; for the queue, under its lock. */
    void turn(Turn given) {
        askingSince = System.nanoTime();
        turn = given;
    }

    /** Ends its turn, if it has one; for its own thread, under the queue's lock. */
    void endTurn() {
        Turn had = turn;
        if (had != null) {
            had.taken(this);
            turn = null;
        }
    }

    /** It asks the pool from now on, on the monotonic clock in nanoseconds; for its own thread. */
    void asks(long now) {
        askingSince = now;
    }

    /**
     * Whether the pool keeps it for a reason other than a lack of connections, such as the probe of a dead one: a
     * caller that waits for a connection returns after each slice.
     */
    boolean isKept(long now) {
        return now - askingSince > KEPT_NANOS;
    }

    /** The waiting thread. */
    Thread thread() {
        return thread;
    }

    @Override
    public int compareTo(Caller other) {
        long later = since - other.since; // a difference: the clock may overflow
        return later != 0 ? Long.signum(later) : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
