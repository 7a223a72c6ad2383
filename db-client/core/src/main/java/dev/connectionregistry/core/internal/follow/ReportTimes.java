package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.util.Optional;

/**
 * When an instance reports, besides its heartbeat. For one thread.
 *
 * <ul>
 *   <li>News is reported at once, except HOLDING: HELD follows soon, and a report of HOLDING would only delay that one.
 *   <li>News that came by a signal is reported a little later, because the coordinator doesn't wait for it. News that
 *       only a report can carry is reported at once.
 *   <li>A report that couldn't be written is written again at a later poll; in a cutover soon, because others wait for
 *       it.
 *   <li>A report written in a cutover is written once more, since an older report could have arrived after it.
 *   <li>An instance that takes long to become HELD reports repeatedly: that shows what it waits for.
 * </ul>
 *
 * <p>There are no other reports: a large fleet would exceed the capacity of the one partition of the table
 * (docs/cost.md).
 */
public final class ReportTimes {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** When it last reported, or last had news that it didn't report. */
    private long last;

    private boolean saidOnce;
    /** Until when news is delayed; 0 if it isn't. */
    private long waitingUntil;
    /** Whether delayed news exists. */
    private boolean owed;

    /**
     * What is known at the moment of the decision.
     *
     * @param behind whether the newest report could not be written
     * @param needed whether only a report can carry the news
     * @param nanoTime now
     */
    public record Moment(InstanceState state, boolean cutover, boolean behind, boolean needed, long nanoTime) {}

    /** Delays news until then, unless a report is needed. */
    public void waitUntil(long nanoTime) {
        waitingUntil = nanoTime;
    }

    /** Whether to report a change now. */
    public boolean isDueForNews(Moment now) {
        last = now.nanoTime();
        saidOnce = now.cutover();
        boolean told = now.state() != InstanceState.HOLDING;
        owed = told && isWaiting(now);
        return told && !owed;
    }

    /** Whether to report now although nothing changed. */
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

    /** How soon to check again whether a report is due; empty if the next event or poll is soon enough. */
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

    /** How long after the last report to repeat it; empty for never. */
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
