package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Whether another data source reports under the name of this one. Operators then see only one of the two, and a cutover
 * waits for only one. Each report carries the incarnation of its writer, and each write returns the report that it
 * replaced: after the first write, that must be this instance's own. Thread-safe.
 */
public final class NameConflict {
    private static final Logger LOG = CleanLogger.of(NameConflict.class);

    private final String incarnation = UUID.randomUUID().toString();
    private final LongSupplier nanoTime;
    private volatile State state = new State(false, Optional.empty(), 0); // one write at a time changes it

    /**
     * The conflict as far as it is known.
     *
     * @param written whether this instance has written a report
     * @param problem the conflict, for people; empty if there is none
     * @param untilNanos when the conflict is over unless it is seen again
     */
    private record State(boolean written, Optional<String> problem, long untilNanos) {}

    /** Starts without a conflict; {@code nanoTime} is the monotonic clock. */
    public NameConflict(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Identifies this data source, whatever other data sources are called. */
    public String incarnation() {
        return incarnation;
    }

    /** Notes that {@code report} replaced {@code replaced}. Only one write at a time. */
    public void note(InstanceReport report, Optional<InstanceReport> replaced) {
        State before = state;
        if (before.written() && replaced.filter(this::isOfAnother).isPresent()) {
            String problem = "another process reports as " + report.name()
                    + " too, and each overwrites the other's reports: give each a name of its own with instance(...) or"
                    + " REGISTRY_INSTANCE";
            long lasts = report.heartbeat()
                    .multipliedBy(InstanceReport.SILENT_AFTER_HEARTBEATS)
                    .toNanos();
            state = new State(true, Optional.of(problem), nanoTime.getAsLong() + lasts);
            if (before.problem().isEmpty()) {
                LOG.warn("{}: {}", report.database(), problem);
            }
        } else if (problem().isEmpty()) {
            state = new State(true, Optional.empty(), 0);
            if (before.problem().isPresent()) {
                LOG.info("{}: no other process reports as {} any more", report.database(), report.name());
            }
        }
    }

    /**
     * Excludes two harmless cases: an instance that stops reports once more after its successor has begun, and old
     * clients have no incarnation.
     */
    private boolean isOfAnother(InstanceReport replaced) {
        return replaced.state() != InstanceState.STOPPED
                && replaced.incarnation()
                        .filter(other -> !other.equals(incarnation))
                        .isPresent();
    }

    /** The current conflict; empty if none was seen for three heartbeats. */
    public Optional<String> problem() {
        State now = state;
        return now.problem().filter(seen -> now.untilNanos() - nanoTime.getAsLong() > 0);
    }
}
