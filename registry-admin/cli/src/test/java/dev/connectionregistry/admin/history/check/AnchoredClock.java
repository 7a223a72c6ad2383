package dev.connectionregistry.admin.history.check;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Microseconds since 1970 that advance with the monotonic clock. The wall clock is asked once, so no duration is ever
 * disturbed, and times of several processes of one machine can be compared. Immutable.
 */
public final class AnchoredClock {
    private final long anchorNanos = System.nanoTime();
    private final long anchorMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

    /** Now. */
    public long micros() {
        return anchorMicros + (System.nanoTime() - anchorNanos) / 1_000;
    }
}
