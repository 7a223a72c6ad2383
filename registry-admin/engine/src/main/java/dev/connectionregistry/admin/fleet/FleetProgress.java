package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides, from the reports read over time, which instances are live and which have reached the goal. No I/O and no
 * clock of its own; not thread-safe.
 *
 * <p>Other machines' clocks decide as little as possible: the age of a report counts only until its sequence number has
 * been seen to change; from then on, and after three heartbeats of watching, only changes that are seen here count.
 */
public final class FleetProgress {
    private final Map<String, Watched> watched = new HashMap<>();
    private FleetGoal goal;
    private long aimedAt;

    /** Begins with a goal that was set at {@code nanoTime}. */
    public FleetProgress(FleetGoal goal, long nanoTime) {
        this.goal = goal;
        this.aimedAt = nanoTime;
    }

    /** Sets another goal at {@code nanoTime}; what is known about liveness stays. */
    public void aim(FleetGoal next, long nanoTime) {
        goal = next;
        aimedAt = nanoTime;
        watched.values().forEach(each -> each.reachedAt = Optional.empty());
    }

    /**
     * Whether the instance has seen a newer version than the goal's: somebody wrote it, or the table was restored from
     * an older state.
     */
    boolean isPastGoal(InstanceReport report) {
        return report.acknowledgedVersion() > goal.version();
    }

    /**
     * Takes in what the registry says now. An instance that is no longer in {@code reports} has expired and is
     * forgotten.
     */
    public FleetSnapshot observe(Collection<InstanceReport> reports, long nanoTime, Instant now) {
        return observe(reports, nanoTime, now, Optional.empty());
    }

    /**
     * The same, knowing the table's newest version.
     *
     * @param table read after {@code reports}, so that a version written in between makes no instance look ahead of the
     *     table; empty if unknown
     */
    public FleetSnapshot observe(Collection<InstanceReport> reports, long nanoTime, Instant now, Optional<Long> table) {
        Set<String> present = new HashSet<>();
        List<FleetMember> members = reports.stream()
                .sorted(Comparator.comparing(InstanceReport::service).thenComparing(InstanceReport::instance))
                .filter(report -> present.add(report.name()))
                .map(report -> member(report, nanoTime, now, table))
                .toList();
        watched.keySet().retainAll(present);
        return new FleetSnapshot(goal, members);
    }

    private FleetMember member(InstanceReport report, long nanoTime, Instant now, Optional<Long> table) {
        Optional<Long> aheadOf = table.filter(version -> report.acknowledgedVersion() > version);
        Watched before = watched.computeIfAbsent(report.name(), name -> new Watched(report, nanoTime));
        before.take(report, nanoTime);
        if (!goal.reachedBy(report) || aheadOf.isPresent() || report.state() == InstanceState.STOPPED) {
            before.reachedAt = Optional.empty();
        } else if (before.reachedAt.isEmpty()) {
            before.reachedAt = Optional.of(nanoTime);
        }
        Duration between = Duration.between(report.reportedAt(), now);
        Duration age = between.isNegative() ? Duration.ZERO : between;
        return new FleetMember(
                report,
                before.liveness(report, nanoTime, now),
                age,
                before.unheard(age, nanoTime),
                before.reachedAt.map(at -> Duration.ofNanos(Math.max(0, at - aimedAt))),
                Math.max(0, report.cutConnections() - before.cutAtFirst),
                aheadOf,
                before.stoppedBefore && report.state() == InstanceState.STOPPED,
                false);
    }

    /** What is remembered of one instance between two looks. */
    private static final class Watched {
        private long cutAtFirst;
        private long sequence;
        private long changedAt;
        private final boolean stoppedBefore;
        private boolean heard;
        private Optional<Long> reachedAt = Optional.empty();

        Watched(InstanceReport first, long nanoTime) {
            cutAtFirst = first.cutConnections();
            sequence = first.sequence();
            changedAt = nanoTime;
            stoppedBefore = first.state() == InstanceState.STOPPED;
        }

        void take(InstanceReport report, long nanoTime) {
            if (report.sequence() != sequence) {
                sequence = report.sequence();
                changedAt = nanoTime;
                heard = true;
                cutAtFirst = Math.min(cutAtFirst, report.cutConnections());
            }
        }

        Duration unheard(Duration age, long nanoTime) {
            Duration unchanged = Duration.ofNanos(Math.max(0, nanoTime - changedAt));
            return heard || unchanged.compareTo(age) > 0 ? unchanged : age;
        }

        Liveness liveness(InstanceReport report, long nanoTime, Instant now) {
            if (report.state() == InstanceState.STOPPED) {
                return Liveness.STOPPED;
            }
            Duration patience = report.heartbeat().multipliedBy(InstanceReport.SILENT_AFTER_HEARTBEATS);
            boolean stoppedChanging = Duration.ofNanos(nanoTime - changedAt).compareTo(patience) > 0;
            boolean oldAtFirst = !heard && report.isSilentAt(now);
            return stoppedChanging || oldAtFirst ? Liveness.SILENT : Liveness.LIVE;
        }
    }
}
