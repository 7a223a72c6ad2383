package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Timing;
import java.time.Duration;
import java.util.Optional;

/** The time for which callers may wait, from just before the write of HOLD. For the coordinator's thread. */
public final class HoldClock {
    private final Timing timing;
    private final Duration budget;
    private Optional<Long> firstAt = Optional.empty();
    private long beganAt;
    private Optional<Duration> total = Optional.empty();
    private Optional<Duration> known = Optional.empty();
    private Optional<Long> sentAt = Optional.empty();

    /** The clock doesn't run yet. */
    public HoldClock(Timing timing, Duration budget) {
        this.timing = timing;
        this.budget = budget;
    }

    /** Starts, or restarts with the whole budget: every HOLD is a version of its own. */
    public void begin() {
        beganAt = timing.nanoTime();
        firstAt = firstAt.or(() -> Optional.of(beganAt));
        total = Optional.empty();
        known = Optional.empty();
        sentAt = Optional.empty();
    }

    /**
     * Notes that the write that lets callers go is being sent: if the answer gets lost, this is when they may have been
     * let go.
     */
    public void sending() {
        if (isOn()) {
            sentAt = Optional.of(timing.nanoTime());
        }
    }

    /** What is left of the budget; not below zero. */
    public Duration rest() {
        Duration rest = budget.minusNanos(timing.nanoTime() - beganAt);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    /** Whether callers may be waiting now. */
    public boolean isOn() {
        return firstAt.isPresent() && total.isEmpty();
    }

    /** Notes that callers were let go just now, if the hold had begun; only the first call counts. */
    public void over() {
        long now = timing.nanoTime();
        overAt(now, now);
    }

    /**
     * Notes that callers were found to have been let go, by the last write that was sent, if there was one; only the
     * first call counts.
     */
    public void foundOver() {
        long now = timing.nanoTime();
        overAt(sentAt.orElse(now), now);
    }

    private void overAt(long end, long now) {
        if (total.isEmpty()) {
            total = firstAt.map(at -> Duration.ofNanos(end - at));
            known = firstAt.map(at -> Duration.ofNanos(now - at));
        }
    }

    /** The time from its beginning until it was known to be over, if that took longer because an answer was lost. */
    public Optional<Duration> known() {
        return known.filter(longer -> !total.equals(Optional.of(longer)));
    }

    /** How long callers could wait, or can by now; empty if it was never begun. */
    public Optional<Duration> total() {
        return total.or(() -> firstAt.map(at -> Duration.ofNanos(timing.nanoTime() - at)));
    }

    /** The whole budget. */
    public Duration budget() {
        return budget;
    }
}
