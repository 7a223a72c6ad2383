package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceReport;
import java.time.Duration;
import java.util.Optional;

/**
 * One instance at one moment of watching.
 *
 * @param report what it last said
 * @param liveness whether it is believed to run
 * @param age how old the report is by this machine's clock, not below zero
 * @param reachedAfter how long after the goal was set it was first seen there; empty while it isn't there
 * @param cutConnections connections it had to cut since it was first seen
 */
public record Member(
        InstanceReport report, Liveness liveness, Duration age, Optional<Duration> reachedAfter, long cutConnections) {

    /** {@code service/instance}. */
    public String name() {
        return report.name();
    }

    /** Whether it runs and the goal still waits for it. */
    public boolean pending() {
        return liveness == Liveness.LIVE && reachedAfter.isEmpty();
    }
}
