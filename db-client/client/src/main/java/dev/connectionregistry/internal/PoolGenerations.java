package dev.connectionregistry.internal;

import dev.connectionregistry.core.internal.follow.Scheduler;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.internal.pool.AcceptedPrimary;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.GenerationOpener;
import dev.connectionregistry.internal.pool.GenerationState;
import dev.connectionregistry.internal.pool.PoolEnvironment;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.internal.pool.ServingPoolProblem;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Real pools. Opening, draining and closing run on workers; their results are handed back to the control thread, which
 * alone changes the state of a generation.
 */
final class PoolGenerations implements Generations {
    private static final Logger LOG = CleanLogger.of(PoolGenerations.class);

    private final String database;
    private final Connector connector;
    private final GateKeeper gate;
    private final Scheduler control;
    private final Executor workers;
    private final RetriedWork ending;
    private final ScheduledExecutorService housekeeper;
    private final Consumer<Event> events;
    private final RecentUse recentUse = new RecentUse();
    private final AtomicLong cut = new AtomicLong();
    private final Map<Long, GenerationLifecycle> lives = new TreeMap<>(); // control thread only
    private final LastRefusal lastRefusal = new LastRefusal(); // control thread only
    private final PoolEnvironment customs;
    private volatile @Nullable PoolGeneration serving;

    PoolGenerations(
            String database,
            Connector connector,
            Borrower borrower,
            Scheduler control,
            Executor workers,
            ScheduledExecutorService housekeeper,
            Consumer<Event> events) {
        this(database, connector, borrower, control, workers, housekeeper, events, PoolEnvironment.NONE);
    }

    PoolGenerations(
            String database,
            Connector connector,
            Borrower borrower,
            Scheduler control,
            Executor workers,
            ScheduledExecutorService housekeeper,
            Consumer<Event> events,
            PoolEnvironment customs) {
        this.customs = customs;
        this.database = database;
        this.connector = connector;
        this.ending = new RetriedWork(database, workers, control);
        this.gate = new GateKeeper(database, borrower, control, ending, events);
        this.control = control;
        this.workers = workers;
        this.housekeeper = housekeeper;
        this.events = events;
    }

    @Override
    public void open(long number, long version, ConnectionSettings settings, AcceptedPrimary accepts) {
        sample();
        GenerationOpener opener = new GenerationOpener(
                database,
                number,
                settings,
                recentUse.most(control.nanoTime()),
                connector,
                accepts,
                new GenerationServerObserver(number, events),
                customs,
                housekeeper);
        lives.put(number, new GenerationLifecycle(database, number, version, opener));
        LOG.atLevel(lastRefusal.was(settings.endpoint()) ? Level.DEBUG : Level.INFO)
                .log("{} gen {}: OPENING {} (version {})", database, number, settings.endpoint(), version);
        int kept = keptByOthers();
        try {
            workers.execute(() -> openOnWorker(number, opener, kept));
        } catch (RuntimeException | Error e) { // such as no memory for another thread; it is tried again
            refused(number, e.toString());
        }
    }

    private int keptByOthers() {
        PoolGeneration pool = serving;
        return pool == null ? 0 : Math.min(pool.keptByOthers(), recentUse.most(control.nanoTime()));
    }

    private void openOnWorker(long number, GenerationOpener opener, int kept) {
        try {
            PoolGeneration pool = opener.open(kept);
            control.execute(() -> opened(number, pool));
        } catch (SQLException e) {
            control.execute(() -> refused(number, String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) { // without a result, the generation would never be tried again
            LOG.error("{} gen {}: could not be opened", database, number, e);
            control.execute(() -> refused(number, e.toString()));
        }
    }

    private void opened(long number, PoolGeneration pool) {
        GenerationLifecycle life = life(number);
        life.opened(pool);
        if (!life.is(GenerationState.OPENING)) { // abandoned while it was opening
            closeOnWorker(number, life, pool);
            return;
        }
        life.become(GenerationState.READY, "warm");
        events.accept(new Event.GenerationOpened(number));
    }

    private void refused(long number, String cause) {
        GenerationLifecycle life = life(number);
        if (life.is(GenerationState.OPENING)) {
            boolean again = lastRefusal.repeats(life.endpoint(), cause);
            life.become(GenerationState.FAILED, cause, again ? Level.DEBUG : Level.INFO);
            events.accept(new Event.GenerationRefused(number, cause));
        }
        forget(number, life);
    }

    @Override
    public void abandon(long number, String cause) {
        GenerationLifecycle life = lives.get(number);
        if (life == null || !life.canBecome(GenerationState.CLOSED)) {
            return;
        }
        life.cancelOpening();
        life.become(GenerationState.CLOSED, cause);
        if (life.isOpen()) {
            closeOnWorker(number, life, life.pool());
        }
    }

    private void closeOnWorker(long number, GenerationLifecycle life, PoolGeneration pool) {
        ending.run(number, () -> {
            try {
                pool.close();
            } finally {
                control.execute(() -> forget(number, life));
            }
        });
    }

    @Override
    public void publish(long number) {
        GenerationLifecycle life = life(number);
        PoolGeneration pool = life.pool();
        life.become(GenerationState.ACTIVE, "serving");
        lastRefusal.forget();
        serving = pool;
        gate.publish(pool);
    }

    @Override
    public void retire(long number, Duration grace) {
        GenerationLifecycle life = life(number);
        PoolGeneration pool = life.pool();
        life.become(GenerationState.DRAINING, "replaced");
        endOnWorker(number, life, pool, () -> pool.retire(grace, connector));
    }

    private void endOnWorker(
            long number, GenerationLifecycle life, PoolGeneration pool, Supplier<Connector.Ended> end) {
        ending.run(number, () -> {
            Connector.Ended ended = Connector.Ended.NONE;
            try {
                ended = end.get();
            } catch (RuntimeException | Error e) { // whatever it is, the pool must be closed
                LOG.error("{} gen {}: draining failed; closing the pool at once", database, number, e);
                ended = new Connector.Ended(0, 0, pool.figures().active());
                pool.close();
            } finally {
                drainedLater(number, life, ended);
            }
        });
    }

    private void drainedLater(long number, GenerationLifecycle life, Connector.Ended ended) {
        cut.addAndGet(ended.cut());
        control.execute(() -> drained(number, life, ended));
    }

    private void drained(long number, GenerationLifecycle life, Connector.Ended ended) {
        String cause = ended.cut() == 0
                ? "drained"
                : "ended " + ended.cut() + " connection(s): " + ended.cancelled() + " cancelled, " + ended.terminated()
                        + " terminated, " + ended.unproven() + " with their outcome in doubt";
        life.become(GenerationState.CLOSED, cause);
        forget(number, life);
        if (ended.cut() > 0) {
            events.accept(new Event.ConnectionsCut(number, ended.cut(), ended.unproven()));
        }
    }

    @Override
    public void hold(long number, String run) {
        GenerationLifecycle life = life(number);
        life.require(GenerationState.ACTIVE);
        gate.hold(life.pool(), drainingAt(life.endpoint()), run);
    }

    /**
     * Pools that still drain on the server of {@code endpoint}, even if their settings named other hosts of that
     * cluster.
     */
    private List<PoolGeneration> drainingAt(Endpoint endpoint) {
        List<PoolGeneration> draining = new ArrayList<>();
        for (GenerationLifecycle life : lives.values()) { // not a stream, which takes time to link while callers wait
            if (life.is(GenerationState.DRAINING) && life.endpoint().overlaps(endpoint)) {
                draining.add(life.pool());
            }
        }
        return draining;
    }

    @Override
    public void release(long number, AcceptedPrimary accepts) {
        gate.release(life(number).pool(), accepts);
    }

    @Override
    public void follow(@Nullable String transitionId) {
        gate.follow(transitionId);
    }

    @Override
    public Optional<String> waitsFor() {
        return gate.waitsFor();
    }

    @Override
    public void replaceFenced(long number, AcceptedPrimary accepts) {
        PoolGeneration pool = life(number).pool();
        pool.accept(accepts);
        ending.run(number, pool::replaceFenced);
    }

    @Override
    public void resize(long number, PoolSettings settings) {
        PoolGeneration pool = life(number).pool();
        pool.resize(customs.options().applyTo(settings));
        trimOnWorker(pool);
    }

    /** Trimming can wait for a later sample; the caller's next step, such as publishing the pool, can't. */
    private void trimOnWorker(PoolGeneration pool) {
        try {
            workers.execute(pool::trim);
        } catch (RuntimeException | Error e) {
            LOG.warn("{} gen {}: can't be trimmed now: {}", database, pool.number(), e.toString());
        }
    }

    @Override
    public void checkRole(long number) {
        GenerationLifecycle life = lives.get(number);
        if (life != null && life.is(GenerationState.ACTIVE)) {
            onWorker(life.pool()::checkRole, number);
        }
    }

    @Override
    public void look() {
        PoolGeneration pool = serving;
        if (pool != null) {
            onWorker(pool::look, pool.number());
        }
    }

    private void onWorker(Runnable look, long number) {
        try {
            workers.execute(look);
        } catch (RuntimeException | Error e) { // such as no memory for another thread; it is checked again later
            LOG.debug("{} gen {}: can't be checked now", database, number, e);
        }
    }

    @Override
    public Optional<ServingPoolProblem> trouble() {
        PoolGeneration pool = serving;
        return pool == null ? Optional.empty() : pool.trouble();
    }

    @Override
    public void sample() {
        PoolFigures now = figures();
        recentUse.note(now.active() + now.waiting(), control.nanoTime());
        PoolGeneration pool = serving;
        if (pool != null && pool.isTooLarge()) { // connections in use when the pool shrank may be back by now
            trimOnWorker(pool);
        }
    }

    @Override
    public PoolFigures figures() {
        PoolGeneration pool = serving;
        return pool == null ? PoolFigures.NONE : gate.countedInto(pool.figures());
    }

    @Override
    public Optional<ServerIdentity> server() {
        PoolGeneration pool = serving;
        return pool == null ? Optional.empty() : pool.server();
    }

    @Override
    public long cutConnections() {
        return cut.get();
    }

    @Override
    public CompletableFuture<Void> closeAll(Duration grace) {
        gate.close();
        serving = null;
        List<CompletableFuture<Void>> gone = new ArrayList<>();
        for (Map.Entry<Long, GenerationLifecycle> each : List.copyOf(lives.entrySet())) {
            GenerationLifecycle life = each.getValue();
            gone.add(life.gone());
            if (life.is(GenerationState.ACTIVE)) {
                PoolGeneration pool = life.pool();
                life.become(GenerationState.DRAINING, "the data source is closing");
                endOnWorker(each.getKey(), life, pool, () -> pool.shutDown(grace, connector));
            } else if (life.is(GenerationState.DRAINING)) {
                life.pool().hurry(grace);
            } else {
                abandon(each.getKey(), "the data source is closing");
            }
        }
        return CompletableFuture.allOf(gone.toArray(new CompletableFuture<?>[0]));
    }

    private void forget(long number, GenerationLifecycle life) {
        lives.remove(number);
        life.forgotten();
    }

    private GenerationLifecycle life(long number) {
        GenerationLifecycle life = lives.get(number);
        if (life == null) {
            throw new IllegalStateException(database + " has no generation " + number);
        }
        return life;
    }
}
