package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.status.DataSourceStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Writes what this instance says about itself. One write at a time, always of the newest status; what changes during a write
 * is written after it. Never blocks or fails anything else; trouble is logged once when it begins and once when it ends.
 * Thread-safe.
 */
final class Reporter {
    private static final Logger LOG = CleanLogger.of(Reporter.class);

    private static final Duration LAST_BOUND = Duration.ofSeconds(3);

    private final SettingsRegistry registry;
    private final Supplier<DataSourceStatus> status;
    private final NameConflict conflict;
    private final HeldProof held;
    private final Map<String, List<String>> bounds;
    private final Duration heartbeat;
    private final Clock clock;
    private final Executor workers;
    private final Runnable afterEach;
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

    /** {@code afterEach} is run after each report that was written or could not be; it must neither block nor throw. */
    Reporter(
            SettingsRegistry registry,
            Supplier<DataSourceStatus> status,
            NameConflict conflict,
            HeldProof held,
            Map<String, List<String>> bounds,
            Duration heartbeat,
            Clock clock,
            Executor workers,
            Runnable afterEach) {
        this.registry = registry;
        this.status = status;
        this.conflict = conflict;
        this.held = held;
        this.bounds = bounds;
        this.heartbeat = heartbeat;
        this.clock = clock;
        this.workers = workers;
        this.afterEach = afterEach;
    }

    /** Something changed, or it is time for a heartbeat. */
    void report() {
        Phase before = phase.getAndUpdate(now -> now == Phase.IDLE ? Phase.WRITING : Phase.WRITING_AND_STALE);
        if (before == Phase.IDLE) {
            begin();
        }
    }

    /** Whether the newest report that was tried could not be written. */
    boolean isBehind() {
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
     * after {@link #LAST_BOUND}. One that nobody has heard of needn't say that it is gone.
     */
    CompletableFuture<Void> reportLast() {
        if (!known && phase.get() == Phase.IDLE) {
            return CompletableFuture.completedFuture(null);
        }
        report();
        return lastWritten.completeOnTimeout(null, LAST_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void write() {
        DataSourceStatus written = status.get();
        try {
            InstanceReport report = report(written);
            conflict.note(report, registry.report(report));
            held.written(report.heldCommitment());
            known = true;
            if (troubled.compareAndSet(true, false)) {
                LOG.info("{}: reports about this instance can be written again", written.database());
            }
        } catch (RuntimeException | Error e) { // whatever it is, it must not end the reports
            noteTrouble(e);
        }
        if (written.state() == InstanceState.STOPPED) {
            lastWritten.complete(null);
        }
        if (!phase.compareAndSet(Phase.WRITING, Phase.IDLE)) {
            phase.set(Phase.WRITING);
            begin();
        }
        afterEach.run();
    }

    private void noteTrouble(Throwable trouble) {
        if (troubled.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: this instance can't report about itself (operators will not see it): {}",
                    status.get().database(),
                    trouble instanceof RegistryException ? trouble.getMessage() : trouble.toString());
        }
    }

    private InstanceReport report(DataSourceStatus now) {
        return InstanceReport.builder(now.database(), now.service(), now.instance())
                .state(now.state())
                .version(now.version())
                .acknowledgedVersion(now.acknowledgedVersion())
                .endpoint(now.endpoint().map(Endpoint::toString).orElse(""))
                .pollInterval(now.pollInterval())
                .heartbeat(heartbeat)
                .sequence(++sequence)
                .since(now.since())
                .reportedAt(clock.instant())
                .pool(now.pool())
                .cutConnections(now.cutConnections())
                .lastError(now.problem())
                .clientVersion(ClientVersion.NUMBER)
                .bounds(bounds)
                .server(now.server())
                .problem(now.poolProblem())
                .refusedVersion(now.refusedVersion())
                .incarnation(Optional.of(conflict.incarnation()))
                .heldCommitment(held.commitment())
                .build();
    }
}
