package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells from looks at a table that its copy doesn't get on: the server tries again for ever, and says why only in its log. From 15 on
 * it counts failures; before, a worker that comes and goes shows them. For one thread.
 */
final class CopyFailureDetector {
    private static final long FAILURES = 3;
    private static final Duration NOBODY = Duration.ofSeconds(60);
    /** The server starts a worker that failed again every five seconds. */
    private static final Duration RESTLESS = Duration.ofSeconds(20);

    private final Errors before;
    private final WorkerPresence applier = new WorkerPresence(RESTLESS);
    private long aloneSince = Long.MIN_VALUE;
    private int lastWorker;
    private int workers;

    /**
     * What the server has counted, or -1, and who is at work.
     *
     * @param copying a table of the subscription
     * @param applying changes to any of them
     * @param applier the process that applies changes now; 0 for none
     */
    record Errors(long copying, long applying, int applier) {}

    /** With the failures that the server had counted before. */
    CopyFailureDetector(Errors before) {
        this.before = before;
    }

    /**
     * Looks.
     *
     * @param errors that the server has counted
     * @param now on the monotonic clock
     * @return what is wrong, if something is
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
            return Optional.of("its copy was begun " + workers + " times and never ended");
        }
        return alone(state.worker(), now);
    }

    /** It can't catch up while the changes before, of whatever table, can't be applied. */
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
