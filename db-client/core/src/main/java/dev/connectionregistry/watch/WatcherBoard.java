package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.ReportTimes;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.Verdict.Content;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceReportBuilder;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is visible of a watcher: its status and its reports. Any thread may call {@link #status} and {@link #describe},
 * only the control thread everything else.
 */
final class WatcherBoard implements Reporter.Subject {
    private final WatcherLoop.Parts with;
    private final NameConflict conflict;
    private final Reporter reporter;
    private final ReportTimes reportTimes = new ReportTimes();
    private volatile Shown shown;

    /** The content of a status and a report. */
    private record Shown(
            InstanceState state,
            long acknowledged,
            @Nullable Content used,
            Duration interval,
            Optional<Long> refused,
            Optional<String> problem,
            Instant since,
            long goodReadNanos) {
        static Shown of(WatchState state, Optional<String> problem, Instant since, long goodReadNanos) {
            return new Shown(
                    state.instanceState(),
                    state.acknowledged(),
                    state.used(),
                    state.interval(),
                    state.refusedVersion(),
                    problem,
                    since,
                    goodReadNanos);
        }

        Shown stopped(Instant now) {
            Optional<String> whyNeverUsed = used == null ? problem : Optional.empty();
            return new Shown(
                    InstanceState.STOPPED,
                    acknowledged,
                    used,
                    interval,
                    Optional.empty(),
                    whyNeverUsed,
                    now,
                    goodReadNanos);
        }

        boolean isNews(Shown before) {
            return state != before.state
                    || acknowledged != before.acknowledged
                    || !since.equals(before.since)
                    || !interval.equals(before.interval)
                    || !problem.equals(before.problem);
        }
    }

    WatcherBoard(WatcherLoop.Parts with, WatchState state) {
        this.with = with;
        conflict = new NameConflict(with.control()::nanoTime);
        reporter = new Reporter(
                with.registry(),
                with.database(),
                this,
                conflict,
                with.bounds(),
                with.heartbeat(),
                with.clock(),
                with.workers());
        shown = Shown.of(
                state, Optional.empty(), with.clock().instant(), with.control().nanoTime());
    }

    /**
     * Shows the state after an event, and reports it if that is due.
     *
     * @param read whether the event was the answer to a read
     */
    void update(WatchState state, boolean read) {
        Shown before = shown;
        boolean other = state.instanceState() != before.state || !Objects.equals(state.used(), before.used);
        boolean good = read && state.reading().trouble() == null;
        long now = with.control().nanoTime();
        Optional<String> problem = state.problem().or(conflict::problem).map(Printable::shortLine);
        Instant since = other ? with.clock().instant() : before.since;
        Shown after = Shown.of(state, problem, since, good ? now : before.goodReadNanos);
        shown = after;
        ReportTimes.Moment moment = new ReportTimes.Moment(after.state, false, reporter.isBehind(), true, now);
        if (after.isNews(before) ? reportTimes.isDueForNews(moment) : reportTimes.isDueAgain(moment, read)) {
            reporter.report();
        }
    }

    /** Reports although nothing changed. */
    void heartbeat() {
        reporter.report();
    }

    /** The watcher is closed; completes when the last report is written or has failed. */
    CompletableFuture<Void> stopped() {
        shown = shown.stopped(with.clock().instant());
        return reporter.reportLast(with.control());
    }

    WatcherStatus status() {
        Shown now = shown;
        return new WatcherStatus(
                now.state,
                now.used == null ? 0 : now.used.version(),
                now.acknowledged,
                Optional.ofNullable(now.used).map(used -> used.settings().endpoint()),
                Duration.ofNanos(with.control().nanoTime() - now.goodReadNanos),
                now.problem);
    }

    @Override
    public InstanceReportBuilder describe() {
        Shown now = shown;
        return InstanceReport.builder(with.database(), with.service(), with.instance())
                .protocol(InstanceReport.PLAIN_PROTOCOL)
                .state(now.state)
                .version(now.used == null ? 0 : now.used.version())
                .acknowledgedVersion(now.acknowledged)
                .endpoint(now.used == null ? "" : now.used.settings().endpoint().toString())
                .pollInterval(now.interval)
                .since(now.since)
                .lastError(now.problem)
                .refusedVersion(now.refused);
    }
}
