package dev.connectionregistry.samples.fleet.instance;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Microseconds since 1970 that advance with the monotonic clock: the wall clock is asked once, so durations are never
 * disturbed, and times of several processes of one machine can be compared. Immutable.
 */
public final class AnchoredClock {
    private final long anchorNanos = System.nanoTime();
    private final long anchorMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    /** Now. */
    public long micros() {
        return at(System.nanoTime());
    }

    /** The time of a reading of {@link System#nanoTime}. */
    public long at(long nanoTime) {
        return anchorMicros + (nanoTime - anchorNanos) / 1_000;
    }
}
