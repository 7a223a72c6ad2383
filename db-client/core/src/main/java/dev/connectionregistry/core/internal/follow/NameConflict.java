package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Whether another data source reports under the name of this one, so that operators see only one of the two and a cutover waits for
 * only one. Each report carries the incarnation of its writer, and each write says what it replaced: after the first one that has to
 * be this instance's own. Thread-safe.
 */
public final class NameConflict {
    private static final Logger LOG = CleanLogger.of(NameConflict.class);

    private final String incarnation = UUID.randomUUID().toString();
    private final LongSupplier nanoTime;
    private volatile State state = new State(false, Optional.empty(), 0); // written by the one write at a time

    /**
     * What is known.
     *
     * @param written whether this instance has written a report
     * @param problem the conflict, for people; empty if there is none
     * @param untilNanos when it is over if nothing more is seen of it
     */
    private record State(boolean written, Optional<String> problem, long untilNanos) {}

    /** Nothing is known yet; {@code nanoTime} is the monotonic clock. */
    public NameConflict(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Names this data source and no other one, whatever they are called. */
    public String incarnation() {
        return incarnation;
    }

    /** {@code report} was written in the place of {@code replaced}. One write at a time. */
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

    /** One that stops says so once more after its successor has begun, and old clients don't say who they are. */
    private boolean isOfAnother(InstanceReport replaced) {
        return replaced.state() != InstanceState.STOPPED
                && replaced.incarnation()
                        .filter(other -> !other.equals(incarnation))
                        .isPresent();
    }

    /** The conflict there is now; empty if none was seen for three heartbeats. */
    public Optional<String> problem() {
        State now = state;
        return now.problem().filter(seen -> now.untilNanos() - nanoTime.getAsLong() > 0);
    }
}
