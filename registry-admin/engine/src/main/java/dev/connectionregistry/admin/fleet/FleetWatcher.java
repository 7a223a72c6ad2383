package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a fleet again and again until every live instance has reached a goal. Waits out an outage of the registry.
 */
public final class FleetWatcher {
    /** The pause between two looks. */
    public static final Duration PAUSE = Duration.ofMillis(200);
    /** What a wait without an explicit timeout adds to the time that the fleet itself needs. */
    public static final Duration MARGIN = Duration.ofSeconds(30);

    private final RegistryAdministration registry;
    private final Timing timing;

    /** Watches {@code registry}; {@code timing} also says when to stop. */
    @Inject
    public FleetWatcher(RegistryAdministration registry, Timing timing) {
        this.registry = registry;
        this.timing = timing;
    }

    public enum Ending {
        /** No live instance is missing. */
        REACHED,
        /** Some instance was missing when the time was up. */
        TIMED_OUT,
        /** The operator stopped it. */
        STOPPED
    }

    /**
     * The result of a wait.
     *
     * @param ending how it ended
     * @param snapshot what was last seen; without members if nothing could be read
     * @param status how long it took, and the outage it ended in
     */
    public record Result(Ending ending, FleetSnapshot snapshot, FleetObserver.WaitStatus status) {}

    /**
     * Waits until every live instance has reached the goal that {@code progress} was given.
     *
     * @param since the moment from which arrivals are counted, by the timing's monotonic clock
     * @param explicit how long it waits at most; if empty, as long as the slowest instance may need (its poll interval,
     *     or three heartbeats to be known as silent) and {@link #MARGIN}
     * @param interval the poll interval in force so far, which any instance may still be waiting out
     * @throws RegistryException if the registry refuses; not if it is merely out of reach
     */
    public Result await(
            DatabaseName database,
            FleetProgress progress,
            FleetGoal goal,
            long since,
            Optional<Duration> explicit,
            Duration interval,
            FleetObserver observer) {
        long start = timing.nanoTime();
        Duration patience = interval;
        FleetSnapshot last = new FleetSnapshot(goal, List.of());
        progress.aim(goal, since);
        try {
            while (true) {
                Look look = look(database, progress, last);
                last = look.snapshot;
                patience = max(patience, last.patience());
                Duration limit = explicit.orElse(patience.plus(MARGIN));
                Duration elapsed = Duration.ofNanos(timing.nanoTime() - start);
                var wait = new FleetObserver.WaitStatus(elapsed, Optional.of(limit), look.outage);
                observer.observed(last, wait);
                if (look.outage.isEmpty() && last.converged()) {
                    return new Result(Ending.REACHED, last, wait);
                }
                if (elapsed.compareTo(limit) >= 0) {
                    return new Result(Ending.TIMED_OUT, last, wait);
                }
                if (!timing.pause(PAUSE)) {
                    return new Result(Ending.STOPPED, last, wait);
                }
            }
        } finally {
            observer.finished();
        }
    }

    /** One look without a wait. */
    public FleetSnapshot once(DatabaseName database, FleetGoal goal) {
        return look(database, new FleetProgress(goal, timing.nanoTime()));
    }

    /**
     * Looks once with {@code progress}, so that instances known before a goal is set are recognised during the wait for
     * it.
     */
    public FleetSnapshot look(DatabaseName database, FleetProgress progress) {
        return observe(database, read(database), progress);
    }

    /** Reads the reports of a fleet; {@link #observe} may take them in later. May be called on any thread. */
    public ItemsRead<InstanceReport> read(DatabaseName database) {
        return registry.readFleet(database);
    }

    /** Takes in reports that were read since the goal was set. */
    public FleetSnapshot observe(DatabaseName database, ItemsRead<InstanceReport> read, FleetProgress progress) {
        List<InstanceReport> reports = read.items();
        boolean newer = reports.stream().anyMatch(progress::isPastGoal);
        Optional<Long> table =
                newer ? registry.read(database).answered().newest().map(VersionedSettings::version) : Optional.empty();
        return progress.observe(reports, timing.nanoTime(), timing.now(), table).with(read.unreadable());
    }

    private Look look(DatabaseName database, FleetProgress progress, FleetSnapshot last) {
        try {
            return new Look(look(database, progress), Optional.empty());
        } catch (RegistryException e) {
            if (!e.isPassing()) {
                throw e;
            }
            return new Look(last, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private record Look(FleetSnapshot snapshot, Optional<String> outage) {}

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Receives the fleet while it is watched, on the watching thread. */
    public interface FleetObserver {
        /**
         * Called after every look.
         *
         * @param snapshot what was last seen; without members if nothing has been seen yet
         * @param wait the status of the wait
         */
        void observed(FleetSnapshot snapshot, WaitStatus wait);

        /** Called when the watching is over, however it ended. */
        default void finished() {}

        /**
         * The status of a wait.
         *
         * @param elapsed the time since it began
         * @param limit when it ends at the latest; empty if it has no end
         * @param outage why the registry couldn't be read just now
         */
        record WaitStatus(Duration elapsed, Optional<Duration> limit, Optional<String> outage) {}
    }
}
