package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.follow.RegistryReads;
import dev.connectionregistry.core.internal.follow.ReportTimes;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.follow.SnapshotFile;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.internal.ControlLoop.Parts;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.StartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Executes effects on the real parts. Owns the timers. Control thread only. */
final class ControlActions implements Actions {
    private static final Logger LOG = CleanLogger.of(ControlLoop.class);
    /** A listener that takes longer doesn't prevent the instance from becoming ready for a cutover. */
    private static final Duration LISTENERS_BOUND = Duration.ofSeconds(5);
    /**
     * About how long the session for signals outlives its run: callers come first, and if all sessions of a fleet ended
     * at once, that would be as much work for the target as the callers' first statements.
     */
    private static final Duration LISTENS_ON = Duration.ofSeconds(1);

    private final Parts with;
    private final ReportTimes reportTimes;
    private final Consumer<Event> handler;
    private final RegistryReads reads;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private Scheduler.Timer nextRetry = Scheduler.Timer.NONE;
    private Scheduler.Timer holdBound = Scheduler.Timer.NONE;
    private Scheduler.Timer unreadBound = Scheduler.Timer.NONE;
    /** Ends the session for signals. */
    private Scheduler.Timer signalsEnd = Scheduler.Timer.NONE;
    /** Whether that end is scheduled. */
    private boolean listensOn;

    private @Nullable String listenersToTell;
    private boolean startReached;

    /** Acts on {@code with}; {@code handler} receives the resulting events, on the control thread. */
    ControlActions(Parts with, ReportTimes reportTimes, Consumer<Event> handler) {
        this.with = with;
        this.reportTimes = reportTimes;
        this.handler = handler;
        this.reads = new RegistryReads(
                with.registry(), with.database(), with.control(), with.workers(), with.chance(), new ReadEvents());
    }

    /**
     * Completes when the data source is ready for use, or with the {@link StartException} that says why it can't start.
     */
    CompletableFuture<Void> start() {
        return started;
    }

    private void tell(Event event) {
        with.control().execute(() -> handler.accept(event));
    }

    private Scheduler.Timer after(Duration delay, Event event) {
        return with.control().schedule(() -> handler.accept(event), delay);
    }

    @Override
    public Generations generations() {
        return with.generations();
    }

    @Override
    public void open(long generation, long version, ConnectionSettings settings, AcceptedPrimary accepts) {
        try {
            with.generations().open(generation, version, settings, accepts);
        } catch (RuntimeException | Error e) {
            LOG.error("{} gen {}: could not begin to open", with.database(), generation, e);
            tell(new Event.GenerationRefused(generation, e.toString()));
        }
    }

    @Override
    public void read(long number) {
        with.generations().sample();
        reads.read(number);
    }

    /** Receives the results of reads. */
    private final class ReadEvents implements RegistryReads.Events {
        @Override
        public void due() {
            handler.accept(new Event.PollDue());
        }

        @Override
        public void returned(long number, ReadResult result) {
            handler.accept(new Event.ReadReturned(number, result));
        }

        @Override
        public void overdue(long number) {
            handler.accept(new Event.ReadOverdue(number));
        }
    }

    @Override
    public void pollAfter(Duration delay, Jitter jitter) {
        reads.after(delay, jitter);
    }

    @Override
    public void retryAfter(long version, Duration atMost) {
        nextRetry.cancel();
        nextRetry = after(jittered(atMost, Jitter.FULL), new Event.RetryDue(version));
    }

    @Override
    public void holdUntil(long version, Duration atMost) {
        holdBound.cancel();
        holdBound = after(atMost, new Event.HoldOverdue(version));
    }

    private Duration jittered(Duration nominal, Jitter jitter) {
        return jitter.applied(nominal, with.chance().getAsDouble());
    }

    @Override
    public void readWithin(long version, Duration atMost) {
        unreadBound.cancel();
        unreadBound = after(atMost, new Event.AnnouncementUnread(version));
    }

    @Override
    public void reportsWait(Duration delay, Jitter jitter) {
        reportTimes.waitUntil(
                with.control().nanoTime() + jittered(delay, jitter).toNanos());
    }

    @Override
    public void revealHeld(String run, long version) {
        with.held().revealedBy(run, version).ifPresent(with.signals()::reveal);
    }

    @Override
    public void listen(Transition transition) {
        if (listensOn) {
            endSignals();
        }
        with.signals().listen(transition);
    }

    @Override
    public void stopListening() {
        listensOn = true;
        signalsEnd.cancel();
        signalsEnd = with.control().schedule(this::endSignals, jittered(LISTENS_ON, Jitter.HALF));
    }

    private void endSignals() {
        listensOn = false;
        signalsEnd.cancel();
        with.signals().stop();
    }

    @Override
    public void tellListeners(String run) {
        listenersToTell = run;
    }

    @Override
    public void saveSnapshot(SettingsToServe target) {
        with.snapshots().save(new SnapshotFile.Content(target.version(), target.settings()));
    }

    @Override
    public void started() {
        startReached = true;
    }

    @Override
    public void failStart(String message) {
        remember(message);
        started.completeExceptionally(new StartException(
                Printable.line(
                        with.database() + " can't start from " + with.registry().describe() + ": " + message),
                null));
    }

    @Override
    public void remember(String problem) {
        with.status().remember(problem);
    }

    @Override
    public void log(Level level, String message) {
        LOG.atLevel(level).log("{}: {}", with.database(), message);
    }

    /** The status now shows the result of an event: notifies what waited for that. */
    void statusTold() {
        String run = listenersToTell;
        if (run != null) {
            listenersToTell = null;
            Event told = new Event.ListenersTold(run);
            after(LISTENERS_BOUND, told); // even if no thread for listeners can be started
            with.status().afterListeners(() -> tell(told));
        }
        if (startReached) {
            started.complete(null);
        }
    }

    /** Cancels all timers. */
    void cancelTimers() {
        reads.cancelTimers();
        nextRetry.cancel();
        holdBound.cancel();
        unreadBound.cancel();
        signalsEnd.cancel();
    }
}
