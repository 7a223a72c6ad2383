package dev.connectionregistry.internal;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a cutover's signals (docs/adr/0032). Reads and reports depend on it, pools never do. Immutable.
 *
 * @param work whether heartbeats arrive
 * @param unread the announced version that was acted on but not read yet; 0 for none
 * @param overdue whether it has not been read for {@link #READ_WITHIN}
 */
record Signals(boolean work, long unread, boolean overdue) {
    /** An announced version must be read within this time. */
    static final Duration READ_WITHIN = Duration.ofSeconds(5);

    static final Signals NONE = new Signals(false, 0, false);

    Signals working(boolean now) {
        return new Signals(now, unread, overdue);
    }

    /** The state after acting on {@code version}, which must still be read. */
    Signals announced(long version) {
        return new Signals(work, version, false);
    }

    Signals nowOverdue() {
        return new Signals(work, unread, true);
    }

    /** The state after a read has returned what was announced, or something newer. */
    Signals nowRead() {
        return new Signals(work, 0, false);
    }

    /** Whether a version was acted on but not read yet. */
    boolean awaitsRead() {
        return unread > 0;
    }

    /** What is wrong; empty unless {@link #overdue}. */
    Optional<String> problem() {
        return overdue
                ? Optional.of("a signal announced version " + unread
                        + ", but the registry has not returned it for "
                        + READ_WITHIN.toSeconds() + " s; compare the versions of all instances with 'registry-admin"
                        + " status': others may not have received the signal")
                : Optional.empty();
    }
}
