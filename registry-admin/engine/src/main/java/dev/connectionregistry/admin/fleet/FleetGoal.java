package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import java.util.Set;

/**
 * What every live instance must reach.
 *
 * @param kind how far an instance must have got with the version
 * @param version the version, or a newer one
 */
public record FleetGoal(Kind kind, long version) {
    private static final Set<InstanceState> PREPARED =
            Set.of(InstanceState.READY, InstanceState.HOLDING, InstanceState.HELD);

    public enum Kind {
        /** It has read the version. */
        ACKNOWLEDGED("read"),
        /** It serves from a pool of that version. */
        ACTIVE("serve"),
        /** Having read the version, it has its standby pool ready. */
        READY("be ready for the target of"),
        /** Having read the version, it keeps its callers at the gate, and nothing is in use. */
        HELD("hold for"),
        /** Having read the version, it serves with its gate open, from a pool of that version or of one with the same content. */
        SERVING("serve again under");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Whether only an instance that holds its callers can get there. */
        public boolean needsHolding() {
            return this == READY || this == HELD;
        }
    }

    /** Every instance has read {@code version} or a newer one. */
    public static FleetGoal acknowledged(long version) {
        return new FleetGoal(Kind.ACKNOWLEDGED, version);
    }

    /** Every instance serves from {@code version} or a newer one. */
    public static FleetGoal active(long version) {
        return new FleetGoal(Kind.ACTIVE, version);
    }

    /** Whether the instance has reached it, by its last report. */
    public boolean reachedBy(InstanceReport report) {
        InstanceState state = report.state();
        boolean read = report.acknowledgedVersion() >= version;
        return switch (kind) {
            case ACKNOWLEDGED -> read;
            case ACTIVE -> serves(report) && report.version() >= version;
            case READY -> read && PREPARED.contains(state);
            case HELD -> read && state == InstanceState.HELD;
            case SERVING -> read && serves(report);
        };
    }

    /** A pool that can't open connections serves nobody, whatever version it is of. */
    private static boolean serves(InstanceReport report) {
        return report.state() == InstanceState.ACTIVE && report.problem().isEmpty();
    }

    /** {@code read version 4}, or {@code serve version 4}. */
    @Override
    public String toString() {
        return kind.words + " version " + version;
    }
}
