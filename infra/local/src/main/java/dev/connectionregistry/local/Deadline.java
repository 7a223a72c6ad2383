package dev.connectionregistry.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point on the monotonic clock by which something must have happened. Immutable. */
final class Deadline {

    private static final long POLL_MILLIS = 10;

    private final long atNanos;
    private final Duration timeout;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.atNanos = System.nanoTime() + timeout.toNanos();
    }

    static Deadline in(Duration timeout) {
        return new Deadline(timeout);
    }

    boolean passed() {
        return System.nanoTime() - atNanos >= 0;
    }

    /** The remaining time, never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    Duration timeout() {
        return timeout;
    }

    /** Checks repeatedly until the condition holds; false if the deadline passes first. */
    <E extends Exception> boolean await(String what, Condition<E> condition) throws E {
        while (!condition.holds()) {
            if (passed()) {
                return false;
            }
            pause(what);
        }
        return true;
    }

    private static void pause(String what) {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw LocalServerException.interrupted(what, e);
        }
    }

    /** A condition to wait for. */
    interface Condition<E extends Exception> {
        boolean holds() throws E;
    }
}
