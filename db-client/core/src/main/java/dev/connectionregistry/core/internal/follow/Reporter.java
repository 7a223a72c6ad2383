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
 * Writes what this instance says about itself. Only one write runs at a time, always of the newest status; a change
 * during a write is written afterwards. Never blocks or breaks anything else; a failure is logged once when it begins
 * and once when it ends. Thread-safe.
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
    private long sequence; // only one write at a time runs and changes it

    private enum Phase {
        IDLE,
        WRITING,
        WRITING_AND_STALE
    }

    /** The subject of the reports. Called by any thread; must neither block nor throw. */
    public interface Subject {
        /** What to report now, without the attributes that every report has. */
        InstanceReportBuilder describe();

        /** Called when this report was written. */
        default void written(InstanceReport report) {}

        /** Called when a report was written or could not be. */
        default void tried() {}
    }

    /** Reports about {@code subject}; {@code bounds} are the owner's bounds. */
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

    /** Writes a report: something changed, or a heartbeat is due. */
    public void report() {
        Phase before = phase.getAndUpdate(now -> now == Phase.IDLE ? Phase.WRITING : Phase.WRITING_AND_STALE);
        if (before == Phase.IDLE) {
            begin();
        }
    }

    /** Whether the newest attempt to write a report failed. */
    public boolean isBehind() {
        return troubled.get();
    }

    private void begin() {
        try {
            workers.execute(this::write);
        } catch (RuntimeException | Error e) { // such as no memory for another thread; the next report tries again
            phase.set(Phase.IDLE);
            noteTrouble(e);
        }
    }

    /**
     * Writes the last report of a data source that has stopped. Completes when it is written or has failed, at the
     * latest after {@link #LAST_BOUND} on {@code timer}. If no report was ever written, none is needed.
     *
     * <p>Doesn't use {@code completeOnTimeout}: it would start a JVM-wide thread that keeps its first caller's class
     * loader.
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
        } catch (RuntimeException | Error e) { // whatever it is, reporting must continue
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
