package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.TableState;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells from looks at a table that its copy doesn't get on: the server tries again for ever, and says why only in its log. From 15 on
 * it counts failures; before, a worker that comes and goes shows them. For one thread.
 */
final class CopyTrouble {
    private static final long FAILURES = 3;
    private static final Duration NOBODY = Duration.ofSeconds(60);

    private final long errorsBefore;
    private long aloneSince = Long.MIN_VALUE;
    private int lastWorker;
    private int workers;

    /** With the failures that the server had counted before, or -1. */
    CopyTrouble(long errorsBefore) {
        this.errorsBefore = errorsBefore;
    }

    /**
     * Looks.
     *
     * @param errors that the server has counted, or -1
     * @param now on the monotonic clock
     * @return what is wrong, if something is
     */
    Optional<String> look(TableState state, long errors, long now) {
        if (state.isCopied()) {
            return Optional.empty();
        }
        if (errorsBefore >= 0 && errors - errorsBefore >= FAILURES) {
            return Optional.of("its copy failed " + (errors - errorsBefore) + " times");
        }
        countWorkers(state.worker());
        if (errorsBefore < 0 && workers > FAILURES) {
            return Optional.of("its copy was begun " + workers + " times and never ended");
        }
        return alone(state.worker(), now);
    }

    private void countWorkers(int worker) {
        if (worker != 0 && worker != lastWorker) {
            workers++;
            lastWorker = worker;
        }
    }

    private Optional<String> alone(int worker, long now) {
        if (worker != 0) {
            aloneSince = Long.MIN_VALUE;
            return Optional.empty();
        }
        if (aloneSince == Long.MIN_VALUE) {
            aloneSince = now;
        }
        return now - aloneSince > NOBODY.toNanos()
                ? Optional.of("nobody has been copying it for " + NOBODY.toSeconds() + " s: either the target has no"
                        + " worker left (max_logical_replication_workers, max_worker_processes), or it can't log in to"
                        + " the source, or the copy fails")
                : Optional.empty();
    }
}
