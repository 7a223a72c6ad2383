package dev.connectionregistry.internal;

import dev.connectionregistry.internal.observe.GenerationEvents;
import dev.connectionregistry.internal.pool.Borrower;
import dev.connectionregistry.internal.pool.Connector;
import dev.connectionregistry.internal.pool.GenerationOpener;
import dev.connectionregistry.internal.pool.GenerationState;
import dev.connectionregistry.internal.pool.PoolGeneration;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.PoolSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Real pools. Opening, draining and closing run on workers; what they come to is handed back to the control thread, which
 * alone changes the state of a generation.
 */
final class PoolGenerations implements Generations {
    private static final Logger LOG = LoggerFactory.getLogger(PoolGenerations.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final String database;
    private final Connector connector;
    private final Borrower borrower;
    private final Scheduler control;
    private final Executor workers;
    private final ScheduledExecutorService housekeeper;
    private final Consumer<Event> events;
    private final RecentUse recentUse = new RecentUse();
    private final AtomicLong cut = new AtomicLong();
    private final Map<Long, Life> lives = new TreeMap<>(); // control thread only
    /** Who refused last, and why: further attempts that end alike are details. Control thread only. */
    private @Nullable Endpoint refusedEndpoint;

    private @Nullable String refusedCause;
    private volatile @Nullable PoolGeneration serving;

    PoolGenerations(
            String database,
            Connector connector,
            Borrower borrower,
            Scheduler control,
            Executor workers,
            ScheduledExecutorService housekeeper,
            Consumer<Event> events) {
        this.database = database;
        this.connector = connector;
        this.borrower = borrower;
        this.control = control;
        this.workers = workers;
        this.housekeeper = housekeeper;
        this.events = events;
    }

    /** One generation from its opening to its end. Control thread only. */
    private static final class Life {
        final GenerationOpener opener;
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        final long version;
        GenerationState state = GenerationState.OPENING;

        @Nullable
        PoolGeneration pool;

        Life(GenerationOpener opener, long version) {
            this.opener = opener;
            this.version = version;
        }
    }

    @Override
    public void open(long number, long version, ConnectionSettings settings) {
        sample();
        GenerationOpener opener = new GenerationOpener(
                database,
                number,
                settings,
                recentUse.most(control.nanoTime()),
                connector,
                failure -> events.accept(new Event.MovedSign(String.valueOf(failure.getSQLState()))),
                housekeeper);
        lives.put(number, new Life(opener, version));
        LOG.atLevel(settings.endpoint().equals(refusedEndpoint) ? Level.DEBUG : Level.INFO)
                .log("{} gen {}: OPENING {} (version {})", database, number, settings.endpoint(), version);
        try {
            workers.execute(() -> openOnWorker(number, opener));
        } catch (RuntimeException | Error e) { // such as no room for another thread: to be tried again
            refused(number, e.toString());
        }
    }

    private void openOnWorker(long number, GenerationOpener opener) {
        try {
            PoolGeneration pool = opener.open();
            control.execute(() -> opened(number, pool));
        } catch (SQLException e) {
            control.execute(() -> refused(number, String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) { // a generation that nobody hears of again would never be tried again
            LOG.error("{} gen {}: could not be opened", database, number, e);
            control.execute(() -> refused(number, e.toString()));
        }
    }

    private void opened(long number, PoolGeneration pool) {
        Life life = life(number);
        life.pool = pool;
        if (life.state != GenerationState.OPENING) { // given up while it was opening
            closeOnWorker(number, life, pool);
            return;
        }
        become(number, GenerationState.READY, "warm");
        events.accept(new Event.GenerationOpened(number));
    }

    private void refused(long number, String cause) {
        Life life = life(number);
        if (life.state == GenerationState.OPENING) {
            Endpoint endpoint = life.opener.endpoint();
            boolean again = endpoint.equals(refusedEndpoint) && cause.equals(refusedCause);
            become(number, GenerationState.FAILED, cause, again ? Level.DEBUG : Level.INFO);
            refusedEndpoint = endpoint;
            refusedCause = cause;
            events.accept(new Event.GenerationRefused(number, cause));
        }
        forget(number, life);
    }

    @Override
    public void abandon(long number, String cause) {
        Life life = lives.get(number);
        if (life == null || !life.state.canBecome(GenerationState.CLOSED)) {
            return;
        }
        life.opener.cancel();
        become(number, GenerationState.CLOSED, cause);
        if (life.pool != null) {
            closeOnWorker(number, life, life.pool);
        }
    }

    private void closeOnWorker(long number, Life life, PoolGeneration pool) {
        onWorker(number, () -> {
            try {
                pool.close();
            } finally {
                control.execute(() -> forget(number, life));
            }
        });
    }

    @Override
    public void publish(long number) {
        Life life = life(number);
        PoolGeneration pool = pool(life);
        become(number, GenerationState.ACTIVE, "serving");
        refusedEndpoint = null;
        serving = pool;
        borrower.publish(pool);
    }

    @Override
    public void retire(long number, Duration grace) {
        Life life = life(number);
        PoolGeneration pool = pool(life);
        become(number, GenerationState.DRAINING, "replaced");
        endOnWorker(number, life, pool, () -> pool.retire(grace, connector));
    }

    private void endOnWorker(long number, Life life, PoolGeneration pool, Supplier<Connector.Ended> end) {
        onWorker(number, () -> {
            Connector.Ended ended = Connector.Ended.NONE;
            try {
                ended = end.get();
            } catch (RuntimeException | Error e) { // whatever it is, the pool must not outlive it
                LOG.error("{} gen {}: draining failed; closing the pool at once", database, number, e);
                ended = new Connector.Ended(0, 0, pool.figures().active());
                pool.close();
            } finally {
                drainedLater(number, life, ended);
            }
        });
    }

    /** Ends a pool on a worker; where there is no room for another thread, a little later. */
    private void onWorker(long number, Runnable end) {
        try {
            workers.execute(end);
        } catch (RuntimeException | Error e) {
            LOG.error("{} gen {}: can't be ended now, trying again", database, number, e);
            control.schedule(() -> onWorker(number, end), TRY_AGAIN);
        }
    }

    private void drainedLater(long number, Life life, Connector.Ended ended) {
        cut.addAndGet(ended.cut());
        control.execute(() -> drained(number, life, ended));
    }

    private void drained(long number, Life life, Connector.Ended ended) {
        String cause = ended.cut() == 0
                ? "drained"
                : "cut " + ended.cut() + " connection(s): " + ended.cancelled() + " cancelled, " + ended.terminated()
                        + " terminated, " + ended.unproven() + " with their outcome in doubt";
        become(number, GenerationState.CLOSED, cause);
        forget(number, life);
        if (ended.cut() > 0) {
            events.accept(new Event.ConnectionsCut(number, ended.cut(), ended.unproven()));
        }
    }

    @Override
    public void hold(long number, String cutover) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(long number) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resize(long number, PoolSettings settings) {
        PoolGeneration pool = pool(life(number));
        pool.resize(settings);
        trimOnWorker(pool);
    }

    /** Trimming can wait for a later sample; what comes after it, such as publishing the pool, can't. */
    private void trimOnWorker(PoolGeneration pool) {
        try {
            workers.execute(pool::trim);
        } catch (RuntimeException | Error e) {
            LOG.warn("{} gen {}: can't be trimmed now: {}", database, pool.number(), e.toString());
        }
    }

    @Override
    public void sample() {
        PoolFigures now = figures();
        recentUse.note(now.active() + now.waiting(), control.nanoTime());
        PoolGeneration pool = serving;
        if (pool != null && pool.isTooLarge()) { // what was in use when the pool was made smaller may be back by now
            trimOnWorker(pool);
        }
    }

    @Override
    public PoolFigures figures() {
        PoolGeneration pool = serving;
        return pool == null ? PoolFigures.NONE : pool.figures();
    }

    @Override
    public long cutConnections() {
        return cut.get();
    }

    @Override
    public CompletableFuture<Void> closeAll(Duration grace) {
        borrower.close();
        serving = null;
        List<CompletableFuture<Void>> gone = new ArrayList<>();
        for (Map.Entry<Long, Life> each : List.copyOf(lives.entrySet())) {
            Life life = each.getValue();
            gone.add(life.gone);
            if (life.state == GenerationState.ACTIVE) {
                PoolGeneration pool = pool(life);
                become(each.getKey(), GenerationState.DRAINING, "the data source is closing");
                endOnWorker(each.getKey(), life, pool, () -> pool.shutDown(grace, connector));
            } else if (life.state == GenerationState.DRAINING) {
                pool(life).hurry(grace);
            } else {
                abandon(each.getKey(), "the data source is closing");
            }
        }
        return CompletableFuture.allOf(gone.toArray(new CompletableFuture<?>[0]));
    }

    private void become(long number, GenerationState next, String cause) {
        become(number, next, cause, Level.INFO);
    }

    private void become(long number, GenerationState next, String cause, Level level) {
        Life life = life(number);
        if (!life.state.canBecome(next)) {
            throw new IllegalStateException(database + " gen " + number + ": " + life.state + " -> " + next);
        }
        LOG.atLevel(level)
                .log("{} gen {}: {} -> {} (version {}, {})", database, number, life.state, next, life.version, cause);
        GenerationEvents.emit(database, number, life.state.name(), next.name(), life.version, cause);
        life.state = next;
    }

    private void forget(long number, Life life) {
        lives.remove(number);
        life.gone.complete(null);
    }

    private Life life(long number) {
        Life life = lives.get(number);
        if (life == null) {
            throw new IllegalStateException(database + " has no generation " + number);
        }
        return life;
    }

    private static PoolGeneration pool(Life life) {
        if (life.pool == null) {
            throw new IllegalStateException("the generation isn't open");
        }
        return life.pool;
    }
}
