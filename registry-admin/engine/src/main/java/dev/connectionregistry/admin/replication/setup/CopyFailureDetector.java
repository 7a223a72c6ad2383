package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import java.time.Duration;
import java.util.Optional;

/**
 * Detects, from repeated looks at a table, that its copy makes no progress: the server keeps trying, and says why only
 * in its log. From 15 on it counts failures; before, only a worker that comes and goes shows them. For one thread.
 */
final class CopyFailureDetector {
    private static final long FAILURES = 3;
    private static final Duration NOBODY = Duration.ofSeconds(60);
    /** The server restarts a failed worker every five seconds. */
    private static final Duration RESTLESS = Duration.ofSeconds(20);

    private final Errors before;
    private final WorkerPresence applier = new WorkerPresence(RESTLESS);
    private long aloneSince = Long.MIN_VALUE;
    private int lastWorker;
    private int workers;

    /**
     * What the server has counted, or -1, and which process is at work.
     *
     * @param copying how often copying a table of the subscription has failed
     * @param applying how often applying changes to any of them has failed
     * @param applier the process that applies changes now; 0 for none
     */
    record Errors(long copying, long applying, int applier) {}

    /** Starts from the failures that the server had counted before. */
    CopyFailureDetector(Errors before) {
        this.before = before;
    }

    /**
     * Looks.
     *
     * @param errors what the server has counted
     * @param now the time on the monotonic clock
     * @return what is wrong, if anything is
     */
    Optional<String> look(SubscribedTable state, Errors errors, long now) {
        if (state.isCopied()) {
            return catchingUp(errors, now);
        }
        if (before.copying() >= 0 && errors.copying() - before.copying() >= FAILURES) {
            return Optional.of("its copy failed " + (errors.copying() - before.copying()) + " times");
        }
        countWorkers(state.worker());
        if (before.copying() < 0 && workers > FAILURES) {
            return Optional.of("its copy was started " + workers + " times and never ended");
        }
        return alone(state.worker(), now);
    }

    /** A table can't catch up while earlier changes, to any table, can't be applied. */
    private Optional<String> catchingUp(Errors errors, long now) {
        if (before.applying() < 0) {
            return restless(errors.applier(), now);
        }
        long failed = errors.applying() - before.applying();
        return before.applying() >= 0 && failed >= FAILURES
                ? Optional.of("it is copied, but can't catch up: applying changes, maybe of another table, failed "
                        + failed + " times")
                : Optional.empty();
    }

    private Optional<String> restless(int worker, long now) {
        applier.look(worker, now);
        return applier.workers() > FAILURES || applier.isMissing(now)
                ? Optional.of(
                        "it is copied, but can't catch up: the worker that applies changes, maybe of another table,"
                                + " ends again and again")
                : Optional.empty();
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
                ? Optional.of("no worker has been copying it for " + NOBODY.toSeconds() + " s")
                : Optional.empty();
    }
}
