package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceReport;
import java.time.Duration;
import java.util.Optional;

/**
 * One instance, at one moment while it is watched.
 *
 * @param report its last report
 * @param liveness whether it is believed to run
 * @param age how old the report is by this machine's clock, not below zero
 * @param unheard for how long nothing has been heard of it, by the clock that decides whether it counts as silent
 * @param reachedAfter how long after the goal was set it was first seen to have reached it; empty while it hasn't
 * @param cutConnections how many connections it had to cut since it was first seen
 * @param aheadOf the table's newest version, if the instance has seen a newer one: the table was restored or made again
 *     since, and the instance ignores what it says until the table has overtaken it or the instance is restarted
 * @param stoppedBefore whether it had stopped already when it was first seen, and so isn't part of what is watched
 * @param amongSeveral whether the fleets of several names are watched together, so that its service and instance don't
 *     say which one it is
 */
public record FleetMember(
        InstanceReport report,
        Liveness liveness,
        Duration age,
        Duration unheard,
        Optional<Duration> reachedAfter,
        long cutConnections,
        Optional<Long> aheadOf,
        boolean stoppedBefore,
        boolean amongSeveral) {

    /** The same, known by other means than its report to have reached the goal this long after it was set. */
    public FleetMember reached(Duration after) {
        return new FleetMember(
                report,
                liveness,
                age,
                unheard,
                Optional.of(after),
                cutConnections,
                aheadOf,
                stoppedBefore,
                amongSeveral);
    }

    /** The same, seen beside the fleets of other names. */
    public FleetMember besideOthers() {
        return new FleetMember(
                report, liveness, age, unheard, reachedAfter, cutConnections, aheadOf, stoppedBefore, true);
    }

    /** {@code service/instance}. */
    public String name() {
        return report.name();
    }

    /** What people call it: {@code service/instance}, with the name of the registry behind it if several are watched. */
    public String title() {
        return name() + (amongSeveral ? " of '" + report.database() + "'" : "");
    }

    /** Whether its report is overdue, although it doesn't count as silent yet. */
    public boolean overdue() {
        return liveness == Liveness.LIVE && unheard.compareTo(report.heartbeat()) > 0;
    }

    /** Whether it runs and ignores the table, because it has seen a newer version than the table has. */
    public boolean ahead() {
        return liveness == Liveness.LIVE && aheadOf.isPresent();
    }

    /** Whether it runs and says that its pool can't open connections. */
    public boolean failing() {
        return liveness == Liveness.LIVE && report.problem().isPresent();
    }

    /** Whether it runs and the goal still waits for it. */
    public boolean pending() {
        return liveness == Liveness.LIVE && reachedAfter.isEmpty();
    }

    /** Whether it follows moves, but doesn't hold its callers for a cutover. */
    public boolean plain() {
        return report.protocol() < InstanceReport.CUTOVER_PROTOCOL;
    }

    /** Whether it reports that it is connected to a server other than this endpoint. */
    public boolean isElsewhere(String endpoint) {
        return !report.endpoint().isEmpty() && !report.endpoint().equals(endpoint);
    }

    /** Whether an instance is taken to be running. */
    public enum Liveness {
        /** Heard of lately. */
        LIVE,
        /** Not heard of for three heartbeats; not waited for. */
        SILENT,
        /** Reported that it closed. */
        STOPPED
    }
}
