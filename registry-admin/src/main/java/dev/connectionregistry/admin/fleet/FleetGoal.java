package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;

/**
 * What every live instance is to come to.
 *
 * @param kind how far an instance must have got with the version
 * @param version at least this one
 */
public record FleetGoal(Kind kind, long version) {
    /** How far. */
    public enum Kind {
        /** It has read the version. */
        ACKNOWLEDGED,
        /** It serves from a pool of that version. */
        ACTIVE
    }

    /** Everyone has read {@code version} or a newer one. */
    public static FleetGoal acknowledged(long version) {
        return new FleetGoal(Kind.ACKNOWLEDGED, version);
    }

    /** Everyone serves from {@code version} or a newer one. */
    public static FleetGoal active(long version) {
        return new FleetGoal(Kind.ACTIVE, version);
    }

    /** Whether the instance is there, by what it said last. */
    public boolean reachedBy(InstanceReport report) {
        return kind == Kind.ACKNOWLEDGED
                ? report.acknowledgedVersion() >= version
                : report.state() == InstanceState.ACTIVE && report.version() >= version;
    }

    /** {@code read version 4}, or {@code serves version 4}. */
    @Override
    public String toString() {
        return (kind == Kind.ACKNOWLEDGED ? "read version " : "serve version ") + version;
    }
}
