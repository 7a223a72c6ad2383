package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.internal.Effect.Jitter;
import dev.connectionregistry.internal.signal.InstanceSignals;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.status.StartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread: takes an event, asks {@link Decider} what follows, carries the effects out in order. Owns the state and
 * the timers; never blocks. {@link #tell} may be called by any thread.
 */
final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    /** A registry bounds its own calls; one that doesn't must not end the polling. */
    private static final Duration READ_BOUND = Duration.ofSeconds(10);

    /** A listener that takes longer doesn't keep the instance from being ready for a cutover. */
    private static final Duration LISTENERS_BOUND = Duration.ofSeconds(5);

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(50);

    private final DatabaseName database;
    private final SettingsRegistry registry;
    private final Scheduler control;
    private final ExecutorService workers;
    private final Generations generations;
    private final InstanceSignals signals;
    private final SnapshotKeeper snapshots;
    private final StatusBoard status;
    private final Reporter reporter;
    private final Duration heartbeat;
    private final DoubleSupplier chance;
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    // All below: control thread only.
    private final ReportTimes reportTimes = new ReportTimes();
    private ClientState state;
    private Scheduler.Timer nextPoll = Scheduler.Timer.NONE;
    private Scheduler.Timer nextRetry = Scheduler.Timer.NONE;
    private Scheduler.Timer readBound = Scheduler.Timer.NONE;
    private Scheduler.Timer holdBound = Scheduler.Timer.NONE;
    private @Nullable String listenersToTell;
    private boolean startReached;
    private boolean closed;

    /** What a loop works with; see {@link Assembly} for the real parts. */
    record Parts(
            DatabaseName database,
            SettingsRegistry registry,
            Scheduler control,
            ExecutorService workers,
            Generations generations,
            InstanceSignals signals,
            SnapshotKeeper snapshots,
            StatusBoard status,
            Reporter reporter,
            Duration heartbeat,
            DoubleSupplier chance) {}

    ControlLoop(Parts parts, ClientState.StartOptions startOptions) {
        this.database = parts.database();
        this.registry = parts.registry();
        this.control = parts.control();
        this.workers = parts.workers();
        this.generations = parts.generations();
        this.signals = parts.signals();
        this.snapshots = parts.snapshots();
        this.status = parts.status();
        this.reporter = parts.reporter();
        this.heartbeat = parts.heartbeat();
        this.chance = parts.chance();
        this.state = ClientState.starting(startOptions);
    }

    /**
     * Begins; the first read may take {@code readBound}.
     *
     * @return completes when the data source serves, or with the {@link StartException} that says why it can't
     */
    CompletableFuture<Void> start(Duration firstReadBound) {
        tell(new Event.StartRequested());
        control.schedule(() -> handle(new Event.StartOverdue()), firstReadBound);
        control.schedule(this::heartbeat, heartbeat);
        return started;
    }

    /** Hands an event to the control thread. */
    void tell(Event event) {
        control.execute(() -> handle(event));
    }

    /**
     * Ends polling and borrowing; connections in use have {@code grace} to be returned.
     *
     * @return completes when every pool is gone and the last report is written or has failed
     */
    CompletableFuture<Void> close(Duration grace) {
        CompletableFuture<CompletableFuture<Void>> ending = new CompletableFuture<>();
        control.execute(() -> {
            closed = true;
            nextPoll.cancel();
            nextRetry.cancel();
            readBound.cancel();
            holdBound.cancel();
            try {
                signals.stop();
                status.stopped();
                ending.complete(CompletableFuture.allOf(generations.closeAll(grace), reporter.reportLast()));
            } catch (RuntimeException | Error e) { // or whoever closes would wait for nothing, and never learn why
                ending.completeExceptionally(e);
            }
        });
        return ending.thenCompose(Function.identity());
    }

    private void handle(Event event) {
        if (closed) {
            return;
        }
        try {
            Decision decision = Decider.decide(state, event, control.nanoTime());
            state = decision.state();
            decision.effects().forEach(this::carryOut);
            boolean read = event instanceof Event.ReadReturned;
            boolean changed = status.update(state, read && state.reading().trouble() == null);
            ReportTimes.Moment now = new ReportTimes.Moment(
                    state.instanceState(), state.transition().isPresent(), reporter.isBehind(), control.nanoTime());
            if (changed ? reportTimes.isDueForNews(now) : read && reportTimes.isDueAtPoll(now)) {
                reporter.report();
            }
            tellListeners();
            if (startReached) { // only now, so that whoever waits for the start sees its status
                started.complete(null);
            }
        } catch (RuntimeException | Error e) { // whatever it is, it must not end the polling
            LOG.error("{}: {} could not be handled", database, event, e);
            reporter.report(); // whatever has changed before that
            plan(new Effect.PollAfter(state.interval(), Jitter.TENTH));
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Read read) {
            read(read.number());
        } else if (effect instanceof Effect.PollAfter poll) {
            plan(poll);
        } else if (effect instanceof Effect.RetryAfter retry) {
            nextRetry.cancel();
            nextRetry = control.schedule(
                    () -> handle(new Event.RetryDue(retry.version())), delay(retry.atMost(), Jitter.FULL));
        } else if (effect instanceof Effect.Open open) {
            open(open);
        } else if (effect instanceof Effect.Abandon abandon) {
            generations.abandon(abandon.generation(), abandon.cause());
        } else if (effect instanceof Effect.Publish publish) {
            generations.publish(publish.generation());
        } else if (effect instanceof Effect.Retire retire) {
            generations.retire(retire.generation(), retire.grace());
        } else if (effect instanceof Effect.Hold hold) {
            generations.hold(hold.generation(), hold.run());
        } else if (effect instanceof Effect.Release release) {
            generations.release(release.generation(), release.accepts());
        } else if (effect instanceof Effect.ReplaceFenced replace) {
            generations.replaceFenced(replace.generation(), replace.accepts());
        } else if (effect instanceof Effect.HoldUntil bound) {
            holdBound.cancel();
            holdBound = control.schedule(() -> handle(new Event.HoldOverdue(bound.version())), bound.atMost());
        } else if (effect instanceof Effect.Listen listen) {
            signals.listen(listen.transition());
        } else if (effect instanceof Effect.StopListening) {
            signals.stop();
        } else if (effect instanceof Effect.TellListeners tell) {
            listenersToTell = tell.run();
        } else if (effect instanceof Effect.CheckRole check) {
            generations.checkRole(check.generation());
        } else if (effect instanceof Effect.Resize resize) {
            generations.resize(resize.generation(), resize.settings());
        } else if (effect instanceof Effect.SaveSnapshot save) {
            snapshots.save(save.target());
        } else if (effect instanceof Effect.Started) {
            startReached = true;
        } else if (effect instanceof Effect.FailStart failure) {
            status.remember(failure.message());
            started.completeExceptionally(new StartException(
                    Printable.line(database + " can't start from " + registry.describe() + ": " + failure.message()),
                    null));
        } else if (effect instanceof Effect.Remember remember) {
            status.remember(remember.problem());
        } else if (effect instanceof Effect.Log log) {
            LOG.atLevel(log.level()).log("{}: {}", database, Printable.shortLine(log.message()));
        } else {
            throw new AssertionError(effect);
        }
    }

    /** Only after the status was told: what comes back then says that they know. */
    private void tellListeners() {
        String run = listenersToTell;
        if (run != null) {
            listenersToTell = null;
            control.schedule(() -> handle(new Event.ListenersTold(run)), LISTENERS_BOUND); // also without a thread
            status.afterListeners(() -> tell(new Event.ListenersTold(run)));
        }
    }

    /** Counts a pool that can't even be begun as refused, so that it is tried again. */
    private void open(Effect.Open open) {
        try {
            generations.open(open.generation(), open.version(), open.settings(), open.accepts());
        } catch (RuntimeException | Error e) {
            LOG.error("{} gen {}: could not begin to open", database, open.generation(), e);
            tell(new Event.GenerationRefused(open.generation(), e.toString()));
        }
    }

    private void read(long number) {
        nextPoll.cancel();
        AtomicReference<@Nullable Future<?>> reading = new AtomicReference<>();
        readBound.cancel();
        readBound = control.schedule( // before the read begins: whatever happens to it, the polling goes on
                () -> {
                    Future<?> overdue = reading.get();
                    if (overdue != null) {
                        overdue.cancel(true);
                    }
                    handle(new Event.ReadOverdue(number));
                },
                READ_BOUND);
        generations.sample();
        reading.set(workers.submit(() -> tell(new Event.ReadReturned(number, readOnce()))));
    }

    private ReadResult readOnce() {
        try {
            return registry.read(database);
        } catch (RuntimeException | Error e) { // a registry shouldn't throw, but it must not end the polling
            return new ReadResult.Unreadable(
                    new RegistryException(RegistryException.Kind.INVALID, "the registry threw " + e, e));
        }
    }

    private void plan(Effect.PollAfter poll) {
        nextPoll.cancel();
        nextPoll = control.schedule(() -> handle(new Event.PollDue()), delay(poll.delay(), poll.jitter()));
    }

    private Duration delay(Duration nominal, Jitter jitter) {
        double random = chance.getAsDouble();
        double factor =
                switch (jitter) {
                    case NONE -> 1;
                    case TENTH -> 0.9 + 0.2 * random;
                    case FULL -> random;
                };
        Duration delay = Duration.ofNanos((long) (nominal.toNanos() * factor));
        return jitter == Jitter.FULL && delay.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : delay;
    }

    private void heartbeat() {
        if (!closed) {
            control.schedule(this::heartbeat, heartbeat);
            generations.sample();
            generations.look();
            handle(new Event.HealthChanged()); // what lasts becomes a problem without anything else happening
            reporter.report();
        }
    }
}
