package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceReportBuilder;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;

/**
 * Writes what this instance says about itself. One write at a time, always of the newest status; what changes during a write
 * is written after it. Never blocks or fails anything else; trouble is logged once when it begins and once when it ends.
 * Thread-safe.
 */
public final class Reporter {
    private static final Logger LOG = CleanLogger.of(Reporter.class);

    private static final Duration LAST_BOUND = Duration.ofSeconds(3);

    private final SettingsRegistry registry;
    private final DatabaseName database;
    private final Subject subject;
    private final NameConflict conflict;
    private final Map<String, List<String>> bounds;
    private final Duration heartbeat;
    private final Clock clock;
    private final Executor workers;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final AtomicBoolean troubled = new AtomicBoolean();
    private final CompletableFuture<Void> lastWritten = new CompletableFuture<>();
    private volatile boolean known;
    private long sequence; // written by the one write at a time

    private enum Phase {
        IDLE,
        WRITING,
        WRITING_AND_STALE
    }

    /** Whom the reports are about. Any thread; must neither block nor throw. */
    public interface Subject {
        /** What there is to report now, but for what every report says. */
        InstanceReportBuilder describe();

        /** This report was written. */
        default void written(InstanceReport report) {}

        /** A report was written or could not be. */
        default void tried() {}
    }

    /** Reports about {@code subject}; {@code bounds} are what its owner lets settings say. */
    public Reporter(
            SettingsRegistry registry,
            DatabaseName database,
            Subject subject,
            NameConflict conflict,
            Map<String, List<String>> bounds,
            Duration heartbeat,
            Clock clock,
            Executor workers) {
        this.registry = registry;
        this.database = database;
        this.subject = subject;
        this.conflict = conflict;
        this.bounds = bounds;
        this.heartbeat = heartbeat;
        this.clock = clock;
        this.workers = workers;
    }

    /** Something changed, or it is time for a heartbeat. */
    public void report() {
        Phase before = phase.getAndUpdate(now -> now == Phase.IDLE ? Phase.WRITING : Phase.WRITING_AND_STALE);
        if (before == Phase.IDLE) {
            begin();
        }
    }

    /** Whether the newest report that was tried could not be written. */
    public boolean isBehind() {
        return troubled.get();
    }

    private void begin() {
        try {
            workers.execute(this::write);
        } catch (RuntimeException | Error e) { // such as no room for another thread: the next report tries again
            phase.set(Phase.IDLE);
            noteTrouble(e);
        }
    }

    /**
     * Writes the last report, of a data source that has stopped; completes when it is written or has failed, at the latest
     * after {@link #LAST_BOUND} on {@code timer}. One that nobody has heard of needn't say that it is gone.
     *
     * <p>{@code completeOnTimeout} would start a thread for the whole JVM, which keeps the class loader of its first caller.
     */
    public CompletableFuture<Void> reportLast(Scheduler timer) {
        if (!known && phase.get() == Phase.IDLE) {
            return CompletableFuture.completedFuture(null);
        }
        report();
        timer.schedule(() -> lastWritten.complete(null), LAST_BOUND);
        return lastWritten;
    }

    private void write() {
        boolean last = false;
        try {
            InstanceReport report = next();
            last = report.state() == InstanceState.STOPPED;
            conflict.note(report, registry.report(report));
            subject.written(report);
            known = true;
            if (troubled.compareAndSet(true, false)) {
                LOG.info("{}: reports about this instance can be written again", database);
            }
        } catch (RuntimeException | Error e) { // whatever it is, it must not end the reports
            noteTrouble(e);
        }
        if (last) {
            lastWritten.complete(null);
        }
        if (!phase.compareAndSet(Phase.WRITING, Phase.IDLE)) {
            phase.set(Phase.WRITING);
            begin();
        }
        subject.tried();
    }

    private void noteTrouble(Throwable trouble) {
        if (troubled.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: this instance can't report about itself (operators will not see it): {}",
                    database,
                    trouble instanceof RegistryException ? trouble.getMessage() : trouble.toString());
        }
    }

    private InstanceReport next() {
        return subject.describe()
                .heartbeat(heartbeat)
                .sequence(++sequence)
                .reportedAt(clock.instant())
                .clientVersion(ClientVersion.NUMBER)
                .bounds(bounds)
                .incarnation(Optional.of(conflict.incarnation()))
                .build();
    }
}
