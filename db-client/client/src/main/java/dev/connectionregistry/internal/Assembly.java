package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.ControlThread;
import dev.connectionregistry.core.internal.follow.NameConflict;
import dev.connectionregistry.core.internal.follow.NamedThreads;
import dev.connectionregistry.core.internal.follow.Reporter;
import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.follow.SnapshotKeeper;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.observe.StatusMetrics;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.CheckoutMeters;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.PoolEnvironment;
import dev.connectionregistry.internal.signal.TargetSignals;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.SettingsRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.status.DataSourceStatus;
import dev.connectionregistry.status.StartException;
import dev.connectionregistry.status.StatusListener;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The real parts of one data source, connected; owns all its threads:
 *
 * <ul>
 *   <li>{@code connection-registry-DB-control}: decides;
 *   <li>{@code connection-registry-DB-worker-N}: read, report, open, drain; end when idle;
 *   <li>{@code connection-registry-DB-housekeeper}: Hikari's periodic tasks for all generations;
 *   <li>{@code connection-registry-DB-signals}: listens for a cutover's signals; only exists during a cutover;
 *   <li>{@code connection-registry-DB-listener}: notifies listeners; ends when idle.
 * </ul>
 *
 * Thread-safe.
 */
public final class Assembly {
    private static final Logger LOG = CleanLogger.of(Assembly.class);
    /** The longest time that an orderly end may take, beyond the grace. */
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(15);
    /** Opening a pool has its own, shorter bounds. */
    private static final Duration OPENING = Duration.ofMinutes(1);

    private final DatabaseName database;
    private final Scheduler control;
    private final ExecutorService workers;
    private final ScheduledThreadPoolExecutor housekeeper;
    private final ExecutorService listenerThread;
    private final StatusBoard status;
    private final Borrower borrower;
    private final @Nullable CheckoutMeters meters;
    private final TargetSignals signals;
    private final ControlLoop loop;

    /**
     * The parts that a data source needs.
     *
     * @param snapshot where to keep the last good settings; null for none
     * @param fallback settings to start from if there is nothing else; null for none
     * @param bounds what settings may say, in the form in which reports have it
     * @param pool what the service decides about its pool in code
     */
    public record Ingredients(
            SettingsRegistry registry,
            DatabaseName database,
            String service,
            String instance,
            @Nullable Path snapshot,
            @Nullable ConnectionSettings fallback,
            Connector connector,
            List<StatusListener> listeners,
            Duration heartbeat,
            Map<String, List<String>> bounds,
            PoolOptions pool) {}

    /** Connects the parts; starts nothing. */
    public Assembly(Ingredients with) {
        database = with.database();
        String prefix = "connection-registry-" + database;
        control = new ControlThread(prefix + "-control");
        workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                NamedThreads.numbered(prefix + "-worker"),
                new ThreadPoolExecutor.DiscardPolicy());
        housekeeper = new ScheduledThreadPoolExecutor(1, NamedThreads.called(prefix + "-housekeeper"));
        housekeeper.setRemoveOnCancelPolicy(true);
        ThreadPoolExecutor listening = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                NamedThreads.called(prefix + "-listener"),
                new ThreadPoolExecutor.DiscardPolicy());
        listening.allowCoreThreadTimeOut(true);
        listenerThread = listening;
        borrower = new Borrower(database.value(), this::describe);
        meters = StatusMetrics.checkouts(with.pool(), database.value(), with.service(), with.instance(), this::status);
        PoolGenerations generations = new PoolGenerations(
                database.value(),
                with.connector(),
                borrower,
                control,
                workers,
                housekeeper,
                this::tell,
                new PoolEnvironment(with.pool(), meters));
        Clock clock = Clock.systemUTC();
        NameConflict conflict = new NameConflict(control::nanoTime);
        status = new StatusBoard(
                new StatusBoard.Identity(database, with.service(), with.instance()),
                generations,
                conflict,
                with.listeners(),
                listenerThread,
                clock,
                control::nanoTime);
        String name = InstanceReport.builder(database, with.service(), with.instance())
                .build()
                .name(); // as the coordinator finds it in reports
        HeldProof held = new HeldProof(database, name, conflict.incarnation());
        signals = new TargetSignals(
                database.value(),
                with.connector(),
                NamedThreads.called(prefix + "-signals"),
                new SignalEvents(database, held, this::tell));
        Reporter reporter = new Reporter(
                with.registry(),
                database,
                new ReportedDataSource(status::status, held, () -> tell(new Event.ReportDue())),
                conflict,
                with.bounds(),
                with.heartbeat(),
                clock,
                workers);
        SnapshotKeeper snapshots = new SnapshotKeeper(with.snapshot(), database, workers);
        loop = new ControlLoop(
                new ControlLoop.Parts(
                        database,
                        with.registry(),
                        control,
                        workers,
                        generations,
                        signals,
                        snapshots,
                        status,
                        reporter,
                        held,
                        with.heartbeat(),
                        () -> ThreadLocalRandom.current().nextDouble()),
                ClientState.StartOptions.of(snapshots.load(), with.fallback()));
    }

    private void tell(Event event) {
        loop.tell(event);
    }

    private String describe() {
        DataSourceStatus now = status.status();
        return "state " + now.state() + ", version " + now.version() + ", generation " + now.generation()
                + now.endpoint().map(endpoint -> ", endpoint " + endpoint).orElse("")
                + now.problem().map(problem -> ", " + problem).orElse("");
    }

    /** Notifies {@code listener} of every change from now on. */
    public void addListener(StatusListener listener) {
        status.add(listener);
    }

    /** Stops notifying {@code listener}. */
    public void removeListener(StatusListener listener) {
        status.remove(listener);
    }

    /** The hot path. */
    public Borrower borrower() {
        return borrower;
    }

    /** Notified of each checkout until {@link #close}; null if the service wants no such meters. */
    public @Nullable CheckoutMeters meters() {
        return meters;
    }

    public DataSourceStatus status() {
        return status.status();
    }

    /**
     * Starts, and waits until the first pool is in use. During the hold of a cutover, waits for the end of the hold, at
     * most for twice its budget.
     *
     * @param firstReadBound how long the first read of the registry may take
     * @throws StartException if there are no settings or no pool; everything is then closed
     */
    public void start(Duration firstReadBound) {
        CompletableFuture<Void> started = loop.start(firstReadBound);
        Duration bound = startBound(firstReadBound);
        try {
            started.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            close(Duration.ZERO);
            throw e.getCause() instanceof StartException start ? start : new StartException(String.valueOf(e), e);
        } catch (TimeoutException e) {
            String how = describe(); // before the close: afterwards it would only show that it is closed
            close(Duration.ZERO);
            throw new StartException(
                    database + " did not start within " + bound.toSeconds() + " s (" + how + "); if a cutover is under"
                            + " way, 'registry-admin cutover status " + database + "' shows its step",
                    e);
        } catch (InterruptedException e) {
            close(Duration.ZERO);
            Thread.currentThread().interrupt();
            throw new StartException(database + ": interrupted while starting", e);
        }
    }

    /**
     * How long to wait for a start at all. Every step of it has its own bound, so this one is only for the unforeseen.
     * A start during a hold, which ends by itself, must not fail because of it.
     */
    static Duration startBound(Duration firstReadBound) {
        return firstReadBound.plus(Transition.LONGEST_HOLD).plus(OPENING);
    }

    /**
     * Ends everything in bounded time: borrowing, polling, connections in use after {@code grace}, threads. It also
     * does so on a thread that is or gets interrupted; the interrupt flag is set again afterwards.
     */
    public void close(Duration grace) {
        CompletableFuture<Void> closing = loop.close(grace);
        long deadline = System.nanoTime() + grace.plus(CLOSE_BOUND).toNanos();
        boolean interrupted = false;
        while (!isOver(closing, deadline)) {
            interrupted |= Thread.interrupted();
        }
        if (meters != null) {
            meters.close();
        }
        signals.stop();
        control.close();
        workers.shutdown();
        housekeeper.shutdownNow();
        listenerThread.shutdown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end or the deadline; false if it was interrupted first. */
    private boolean isOver(CompletableFuture<Void> closing, long deadline) {
        try {
            closing.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{}: closing did not finish in time; the rest is left to the threads", database, e);
        }
        return true;
    }
}
