package dev.connectionregistry.admin.replication.status;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Turns positions of the source's log into time: remembers when each position was first seen, and so knows for how long
 * the source has been ahead of any position. With one look a second it remembers an hour. For one thread.
 */
final class LagClock {
    private static final int MOST = 3600;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private long noted;

    private record Sample(long nanos, long position) {}

    /** The source's log ended at {@code position} at {@code nanos}. */
    void note(long nanos, long position) {
        noted = nanos;
        if (samples.isEmpty() || samples.getLast().position() < position) {
            samples.addLast(new Sample(nanos, position));
        }
        if (samples.size() > MOST) {
            samples.removeFirst();
        }
    }

    /**
     * The least time for which, at the last note, the source had been ahead of {@code confirmed}; empty if one look
     * isn't enough to know that.
     */
    Optional<Duration> behind(long confirmed) {
        if (samples.isEmpty() || samples.getLast().position() <= confirmed) {
            return samples.isEmpty() ? Optional.empty() : Optional.of(Duration.ZERO);
        }
        return samples.stream()
                .filter(each -> each.position() > confirmed)
                .findFirst()
                .filter(each -> each.nanos() < noted)
                .map(each -> Duration.ofNanos(noted - each.nanos()));
    }
}
