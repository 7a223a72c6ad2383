package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import java.time.Duration;
import java.util.Optional;

/** The pauses of a run: cut short by a hint, ended by the operator unless the run is on its way back. */
final class RunPauses {
    /** At most one look in this time, however many hints come. */
    private static final Duration SHORTEST = Duration.ofMillis(3);

    private final Timing timing;

    RunPauses(Timing timing) {
        this.timing = timing;
    }

    /** Pauses for {@code longest}, or until so many hints have come; says whether to go on. */
    boolean pause(Duration longest, int hints, Optional<CoordinatorSignals> signals, boolean heedsStop)
            throws InterruptedException {
        if (signals.isEmpty()) {
            return heedsStop ? timing.pause(longest) : timing.rest(longest);
        }
        long start = timing.nanoTime();
        boolean hinted = signals.get().await(hints, longest);
        Duration early = SHORTEST.minusNanos(timing.nanoTime() - start);
        if (hinted && !early.isNegative() && !timing.rest(early)) {
            return false;
        }
        return !(heedsStop && timing.stopped());
    }
}
