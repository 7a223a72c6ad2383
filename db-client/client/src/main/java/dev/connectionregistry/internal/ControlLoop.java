package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Jitter;
import dev.connectionregistry.core.internal.follow.ReportTimes;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.signal.InstanceSignals;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.StartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * The one control thread: takes an event, lets it {@linkplain Event#decide decide} what follows, executes the effects
 * ({@link Effect#on}) in order, then shows and reports the status. Owns the state; never blocks. Any thread may call
 * {@link #tell}.
 */
final class ControlLoop {
    private static final Logger LOG = CleanLogger.of(ControlLoop.class);

    private final Parts with;
    private final ControlActions actions;

    // All below: control thread only.
    private final ReportTimes reportTimes = new ReportTimes();
    private Scheduler.Timer nextReport = Scheduler.Timer.NONE;
    private ClientState state;
    private boolean closed;

    /** The parts of a loop; see {@link Assembly} for the real ones. */
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
            HeldProof held,
            Duration heartbeat,
            DoubleSupplier chance) {}

    ControlLoop(Parts with, ClientState.StartOptions startOptions) {
        this.with = with;
        this.actions = new ControlActions(with, reportTimes, this::handle);
        this.state = ClientState.starting(startOptions);
    }

    /**
     * Starts; the first read may take {@code readBound}.
     *
     * @return completes when the data source is ready for use, or with the {@link StartException} that says why it
     *     can't start
     */
    CompletableFuture<Void> start(Duration firstReadBound) {
        tell(new Event.StartRequested());
        with.control().schedule(() -> handle(new Event.StartOverdue()), firstReadBound);
        with.control().schedule(this::heartbeat, with.heartbeat());
        return actions.start();
    }

    /** Hands an event to the control thread. */
    void tell(Event event) {
        with.control().execute(() -> handle(event));
    }

    /**
     * Ends polling and borrowing; connections in use have {@code grace} to be returned.
     *
     * @return completes when every pool is gone and the last report is written or has failed
     */
    CompletableFuture<Void> close(Duration grace) {
        CompletableFuture<CompletableFuture<Void>> ending = new CompletableFuture<>();
        with.control().execute(() -> {
            closed = true;
            actions.cancelTimers();
            nextReport.cancel();
            try {
                with.signals().stop();
                with.status().stopped();
                ending.complete(CompletableFuture.allOf(
                        with.generations().closeAll(grace), with.reporter().reportLast(with.control())));
            } catch (RuntimeException | Error e) { // otherwise the caller would wait in vain and never learn why
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
            boolean read = event instanceof Event.ReadReturned returned && returned.counts(state);
            Decision decision = event.decide(state, with.control().nanoTime());
            state = decision.state();
            with.generations().follow(state.transition().map(Transition::id).orElse(null));
            decision.effects().forEach(effect -> effect.on(actions));
            if (with.held().follow(state.transition().map(Transition::id).orElse(null), state.heldVersion())) {
                practise(state, with.control().nanoTime());
            }
            boolean changed = with.status().update(state, read && isReadingWell());
            report(read, changed);
            actions.statusTold();
        } catch (RuntimeException | Error e) { // whatever it is, polling must continue
            LOG.error("{}: {} could not be handled", with.database(), event, e);
            if (!(event instanceof Event.ReportDue)) { // each report causes such an event
                with.reporter().report(); // the event may have changed something before it failed
            }
            actions.pollAfter(state.interval(), Jitter.TENTH);
        }
    }

    private void report(boolean read, boolean changed) {
        ReportTimes.Moment now = new ReportTimes.Moment(
                state.instanceState(),
                state.transition().isPresent(),
                with.reporter().isBehind(),
                isReportNeeded(),
                with.control().nanoTime());
        if (changed ? reportTimes.isDueForNews(now) : reportTimes.isDueAgain(now, read)) {
            with.reporter().report();
        }
        nextReport.cancel();
        nextReport = reportTimes
                .next(now)
                .map(pause -> with.control().schedule(() -> handle(new Event.ReportDue()), pause))
                .orElse(Scheduler.Timer.NONE);
    }

    /** Runs on a worker, while the coordinator waits for the READY report and no caller has to wait. */
    private void practise(ClientState ready, long now) {
        if (ready.instanceState() != InstanceState.READY) {
            return;
        }
        try {
            with.workers().execute(() -> HoldPractice.run(with.database(), ready, now));
        } catch (RuntimeException | Error e) { // such as no memory for another thread
            LOG.debug("{}: a hold could not be practised", with.database(), e);
        }
    }

    private boolean isReadingWell() {
        return state.reading().trouble() == null && !state.signals().awaitsRead();
    }

    /**
     * Whether only a report can carry the news: a problem, what a hold waits for, or a HELD that no signal can prove.
     */
    private boolean isReportNeeded() {
        return state.problem().isPresent()
                || with.generations().trouble().isPresent()
                || with.generations().waitsFor().isPresent()
                || (state.instanceState() == InstanceState.HELD && !with.held().isPublished());
    }

    private void heartbeat() {
        if (!closed) {
            with.control().schedule(this::heartbeat, with.heartbeat());
            with.generations().sample();
            with.generations().look();
            handle(new Event.HealthChanged()); // a failure that lasts becomes a problem without another event
            with.reporter().report();
        }
    }
}
