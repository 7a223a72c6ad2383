package dev.connectionregistry.benchmarks.cutover.stage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point on the monotonic clock by which something must have happened. Immutable. */
public final class Deadline {
    private final String what;
    private final Duration timeout;
    private final long atNanos;

    private Deadline(String what, Duration timeout) {
        this.what = what;
        this.timeout = timeout;
        this.atNanos = System.nanoTime() + timeout.toNanos();
    }

    /** That {@code what} must happen within {@code timeout} from now. */
    public static Deadline in(Duration timeout, String what) {
        return new Deadline(what, timeout);
    }

    /**
     * Lets time pass, during which {@code what} goes on.
     *
     * @throws BenchmarkException if the thread is interrupted
     */
    public static void pause(Duration time, String what) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted(what, e);
        }
    }

    /**
     * Looks again and again until the condition holds, at once for the first time.
     *
     * @param pause between two looks
     * @throws BenchmarkException if the deadline comes first, or the thread is interrupted
     * @throws E as the condition does
     */
    public <E extends Exception> void await(Duration pause, Condition<E> condition) throws E {
        while (!condition.holds()) {
            if (System.nanoTime() - atNanos >= 0) {
                throw new BenchmarkException(what + " had not happened after " + timeout.toMillis() + " ms");
            }
            pause(pause, what);
        }
    }

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Condition<E extends Exception> {
        /** Whether it is true by now. */
        boolean holds() throws E;
    }
}
