package dev.connectionregistry.admin.cutover.context;

import dev.connectionregistry.admin.fleet.Timing;
import java.time.Duration;
import java.util.Optional;

/** The time for which callers may wait, from just before the write of HOLD. For the coordinator's thread. */
public final class Hold {
    private final Timing timing;
    private final Duration budget;
    private Optional<Long> firstAt = Optional.empty();
    private long beganAt;
    private Optional<Duration> total = Optional.empty();

    /** Not begun. */
    public Hold(Timing timing, Duration budget) {
        this.timing = timing;
        this.budget = budget;
    }

    /** Begins, or begins anew with the whole budget: every HOLD is a version of its own. */
    public void begin() {
        beganAt = timing.nanoTime();
        firstAt = firstAt.or(() -> Optional.of(beganAt));
        total = Optional.empty();
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

    /** Notes that callers were let go, if it was begun; the first time counts. */
    public void over() {
        if (total.isEmpty()) {
            total = firstAt.map(at -> Duration.ofNanos(timing.nanoTime() - at));
        }
    }

    /** How long it was, or is by now; empty if it was never begun. */
    public Optional<Duration> total() {
        return total.or(() -> firstAt.map(at -> Duration.ofNanos(timing.nanoTime() - at)));
    }

    /** The whole budget. */
    public Duration budget() {
        return budget;
    }
}
