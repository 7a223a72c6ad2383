package dev.connectionregistry.internal;

import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.util.Optional;

/**
 * When an instance reports, besides its heartbeat. For one thread.
 *
 * <ul>
 *   <li>News at once; but HOLDING is on its way to HELD, and its report would only keep that one waiting.
 *   <li>What couldn't be written, again with a later poll; soon in a cutover, where others wait for it.
 *   <li>What was written in a cutover, once more, since an older report could have arrived after it.
 *   <li>Who isn't HELD for long, again and again: that shows what is waited for.
 * </ul>
 *
 * <p>Nothing else: a large fleet would ask more of the table than its one partition takes (docs/cost.md).
 */
final class ReportTimes {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(1);

    /** When it last reported, or had news that it didn't report. */
    private long last;

    private boolean saidOnce;

    /**
     * What is known when it may be time.
     *
     * @param behind whether the newest report could not be written
     * @param nanoTime now
     */
    record Moment(InstanceState state, boolean cutover, boolean behind, long nanoTime) {}

    /** Whether to report that something has changed. */
    boolean isDueForNews(Moment now) {
        last = now.nanoTime();
        saidOnce = now.cutover();
        return now.state() != InstanceState.HOLDING;
    }

    /** Whether to report at a poll that brought no news. */
    boolean isDueAtPoll(Moment now) {
        boolean due = pause(now)
                .filter(pause -> now.nanoTime() - last >= pause.toNanos())
                .isPresent();
        if (due) {
            last = now.nanoTime();
            saidOnce = false;
        }
        return due;
    }

    /** How long after the last report the same is reported again, if at all. */
    private Optional<Duration> pause(Moment now) {
        if (now.cutover() && (now.behind() || now.state() == InstanceState.HOLDING)) {
            return Optional.of(SOON);
        }
        return now.behind() || saidOnce ? Optional.of(LATER) : Optional.empty();
    }
}
