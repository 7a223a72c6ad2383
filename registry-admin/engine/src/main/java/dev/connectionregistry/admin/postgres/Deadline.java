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

    /** What was given, for messages. */
    public Duration whole() {
        return whole;
    }

    /** Whether it is over. */
    public boolean passed() {
        return nanosLeft() <= 0;
    }

    /** What is left; at least 1, since 0 means for ever to those who are told it. */
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

    /** As long as {@code atMost}, or what is left of this if that is less. */
    public Deadline atMost(Duration atMost) {
        return of(atMost.compareTo(left()) < 0 ? atMost : left());
    }

    /** Waits a little, at most to the end. */
    public void pause(Duration little) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.min(little.toNanos(), Math.max(0, nanosLeft())));
    }

    private long nanosLeft() {
        return atNanos - System.nanoTime();
    }
}
