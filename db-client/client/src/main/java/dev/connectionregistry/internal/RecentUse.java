package dev.connectionregistry.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The most connections in use within the last minute, so that a new pool is opened with as many as were needed. Sampled
 * on every poll instead of counted on the hot path. For one thread.
 */
final class RecentUse {
    private static final long KEEP_NANOS = Duration.ofMinutes(1).toNanos();

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(int inUse, long atNanos) {}

    void note(int inUse, long now) {
        while (!samples.isEmpty() && samples.getLast().inUse <= inUse) {
            samples.removeLast(); // can no longer be the maximum
        }
        samples.addLast(new Sample(inUse, now));
        forgetOld(now);
    }

    int most(long now) {
        forgetOld(now);
        return samples.isEmpty() ? 0 : samples.getFirst().inUse;
    }

    private void forgetOld(long now) {
        while (!samples.isEmpty() && now - samples.getFirst().atNanos > KEEP_NANOS) {
            samples.removeFirst();
        }
    }
}
