package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.util.Optional;

/**
 * When an instance reports, besides its heartbeat. For one thread.
 *
 * <ul>
 *   <li>News is reported at once; but HOLDING is on its way to HELD, and its report would only delay that one.
 *   <li>News that came by a signal is reported a little later, because the coordinator doesn't wait for it; but what only a report can tell
 *       is reported at once.
 *   <li>What couldn't be written, again with a later poll; soon in a cutover, where others wait for it.
 *   <li>What was written in a cutover, once more, since an older report could have arrived after it.
 *   <li>Who isn't HELD for long, again and again: that shows what is waited for.
 * </ul>
 *
 * <p>Nothing else: a large fleet would ask more of the table than its one partition takes (docs/cost.md).
 */
public final class ReportTimes {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** When it last reported, or had news that it didn't report. */
    private long last;

    private boolean saidOnce;
    /** Until when news waits; 0 if it doesn't. */
    private long waitingUntil;
    /** Whether there is news that waits. */
    private boolean owed;

    /**
     * What is known when it may be time.
     *
     * @param behind whether the newest report could not be written
     * @param needed whether only a report can tell the news
     * @param nanoTime now
     */
    public record Moment(InstanceState state, boolean cutover, boolean behind, boolean needed, long nanoTime) {}

    /** News waits until then, unless its report is needed. */
    public void waitUntil(long nanoTime) {
        waitingUntil = nanoTime;
    }

    /** Whether to report that something has changed. */
    public boolean isDueForNews(Moment now) {
        last = now.nanoTime();
        saidOnce = now.cutover();
        boolean told = now.state() != InstanceState.HOLDING;
        owed = told && isWaiting(now);
        return told && !owed;
    }

    /** Whether to report although there is no news. */
    public boolean isDueAgain(Moment now, boolean atPoll) {
        if (isWaiting(now)) {
            return false;
        }
        boolean again = (atPoll || now.cutover())
                && pause(now)
                        .filter(pause -> now.nanoTime() - last >= pause.toNanos())
                        .isPresent();
        boolean due = owed || again;
        if (due) {
            last = now.nanoTime();
            saidOnce = owed && now.cutover();
            owed = false;
        }
        return due;
    }

    /** How long after this moment to ask again whether a report is due; empty if the next event or poll is soon enough. */
    public Optional<Duration> next(Moment now) {
        Duration wait = isWaiting(now) ? Duration.ofNanos(waitingUntil - now.nanoTime()) : Duration.ZERO;
        if (owed) {
            return Optional.of(longer(wait, SHORTEST));
        }
        return pause(now)
                .filter(pause -> now.cutover())
                .map(pause -> pause.minusNanos(now.nanoTime() - last))
                .map(pause -> longer(longer(wait, pause), SHORTEST));
    }

    private boolean isWaiting(Moment now) {
        if (waitingUntil != 0 && waitingUntil - now.nanoTime() <= 0) {
            waitingUntil = 0;
        }
        return waitingUntil != 0 && !now.needed();
    }

    /** How long after the last report the same is reported again, if at all. */
    private Optional<Duration> pause(Moment now) {
        if (now.cutover() && (now.behind() || now.state() == InstanceState.HOLDING)) {
            return Optional.of(SOON);
        }
        return now.behind() || saidOnce ? Optional.of(LATER) : Optional.empty();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
