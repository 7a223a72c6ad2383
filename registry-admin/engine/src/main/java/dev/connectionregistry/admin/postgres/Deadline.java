package dev.connectionregistry.admin.postgres;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point on the monotonic clock by which a call must be back. Immutable. */
public final class Deadline {
    private final Duration whole;
    private final long atNanos;

    private Deadline(Duration whole) {
        this.whole = whole;
        this.atNanos = System.nanoTime() + whole.toNanos();
    }

    public static Deadline of(Duration whole) {
        return new Deadline(whole);
    }

    /** The whole time that was given, for messages. */
    public Duration whole() {
        return whole;
    }

    /** Whether it is over. */
    public boolean passed() {
        return nanosLeft() <= 0;
    }

    /** What is left; at least 1, since to drivers and servers 0 means no limit. */
    public int millisLeft() {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanosLeft());
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE / 2));
    }

    /** What is left, in whole seconds, rounded up; at least 1. */
    public int secondsLeft() {
        return (millisLeft() + 999) / 1000;
    }

    /** What is left; never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanosLeft()));
    }

    /** A deadline after {@code atMost}, or this one if it ends earlier. */
    public Deadline atMost(Duration atMost) {
        return of(atMost.compareTo(left()) < 0 ? atMost : left());
    }

    /** Waits for {@code little}, but no longer than until the deadline. */
    public void pause(Duration little) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.min(little.toNanos(), Math.max(0, nanosLeft())));
    }

    private long nanosLeft() {
        return atNanos - System.nanoTime();
    }
}
