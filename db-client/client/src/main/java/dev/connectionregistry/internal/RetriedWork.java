package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.util.CleanLogger;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/**
 * Work on workers that must be done, such as closing a pool: if there is no memory for another thread, it is tried
 * again a second later. Control thread only.
 */
final class RetriedWork {
    private static final Logger LOG = CleanLogger.of(RetriedWork.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final String database;
    private final Executor workers;
    private final Scheduler control;

    RetriedWork(String database, Executor workers, Scheduler control) {
        this.database = database;
        this.workers = workers;
        this.control = control;
    }

    /** Runs {@code work} for generation {@code number} on a worker, as soon as a thread can be started. */
    void run(long number, Runnable work) {
        try {
            workers.execute(work);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{} gen {}: no thread for its work now, trying again in {} s",
                    database,
                    number,
                    TRY_AGAIN.toSeconds(),
                    e);
            control.schedule(() -> run(number, work), TRY_AGAIN);
        }
    }
}
