package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.PoolSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One Hikari pool, opened for one version of the settings.
 *
 * <p>Uses {@link HikariPool} itself instead of {@code HikariDataSource}: it is what lets a caller wait in slices shorter
 * than Hikari's 250 ms floor (docs/adr/0003). {@link #take} and {@link #figures} may be called by any thread;
 * {@link #resize}, {@link #retire}, {@link #shutDown} and {@link #close} by one at a time.
 */
public final class PoolGeneration {
    private static final Logger LOG = CleanLogger.of(PoolGeneration.class);

    /** No caller waits longer than this on a pool without looking whether it is still the current one. */
    static final Duration SLICE = Duration.ofMillis(100);

    /** How often a hold looks for connections that broke in use; only returns wake it. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** How long {@link #close} waits for the threads that open connections ahead of Hikari; each login has bounds of its own. */
    private static final Duration FILLERS_END = Duration.ofSeconds(5);

    /** How long nobody may have tried to open a connection to a server that was in trouble before {@link #look} tries. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(5);

    private final long number;
    private final HikariConfig config;
    private final HikariPool pool;
    private final Adder adder;
    private final ConnectionSource source;
    private final PoolSizing sizing;
    private final Drain drain;
    private final UseWatch use;
    private final Sessions sessions;
    private final long sliceMillis;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile PoolSettings settings;

    PoolGeneration(
            long number,
            HikariConfig config,
            HikariPool pool,
            Adder adder,
            PoolSettings settings,
            @Nullable CheckoutMeters meters) {
        this.number = number;
        this.config = config;
        this.pool = pool;
        this.adder = adder;
        this.source = adder.source();
        this.settings = settings;
        this.sizing = new PoolSizing(config, pool, adder);
        this.sessions = new Sessions(source);
        this.drain = new Drain(config, pool, adder, sessions);
        this.use = new UseWatch(pool, meters, LOOK);
        this.sliceMillis = SLICE.toMillis();
    }

    /** Which generation of its data source this is, from 1. */
    public long number() {
        return number;
    }

    /** Which server its newest connection has reached. */
    public Optional<ServerIdentity> server() {
        return source.server();
    }

    /** The sizes and time-outs in force. */
    PoolSettings poolSettings() {
        return settings;
    }

    /**
     * Borrows a connection, waiting at most one slice.
     *
     * @throws SQLException if there was none in that time, or the thread was interrupted (its flag is set then)
     */
    Connection take() throws SQLException {
        return pool.getConnection(sliceMillis);
    }

    /** As {@link #take()}, waiting at most {@code millis}. */
    Connection take(long millis) throws SQLException {
        return pool.getConnection(Math.min(millis, sliceMillis));
    }

    /**
     * Whether another caller may ask for a connection: as many as are idle, and if none is, one, who waits for the next return.
     *
     * @param mayAsk how many may already
     */
    boolean hasRoom(int mayAsk) {
        return Math.max(mayAsk, pool.getThreadsAwaitingConnection()) < Math.max(1, pool.getIdleConnections());
    }

    /** Why no connection can be opened; null if the latest attempt succeeded, or there was none. */
    @Nullable
    SQLException whyFailing() {
        return source.whyFailing();
    }

    /** What others' pools keep of it. */
    Sessions sessions() {
        return sessions;
    }

    /** How many connections others' pools keep of it, in use or not. */
    public int keptByOthers() {
        return sessions.size();
    }

    /** The pool at this moment, and what others' pools keep. */
    public PoolFigures figures() {
        int kept = sessions.size();
        int keptInUse = sessions.inUse();
        return new PoolFigures(
                pool.getActiveConnections() + keptInUse,
                pool.getIdleConnections() + Math.max(0, kept - keptInUse),
                pool.getThreadsAwaitingConnection(),
                config.getMaximumPoolSize() + kept,
                config.getMinimumIdle());
    }

    /** Changes sizes and time-outs in place, at once; {@link #trim} then makes them felt. */
    public void resize(PoolSettings changed) {
        settings = changed;
        PoolConfiguration.applyChangeable(config, changed);
    }

    /** Whether there are more connections than the settings allow, since they once allowed more. */
    public boolean isTooLarge() {
        return sizing.isTooLarge();
    }

    /**
     * Closes idle connections above the maximum and opens those missing to the floor. Blocks for some seconds; does nothing
     * while another thread is at it.
     */
    public void trim() {
        sizing.trim();
    }

    /** Opens {@code count} connections that are missing to the floor, several at a time; returns at once. */
    void fill(int count) {
        sizing.fill(count);
    }

    /** How many connections there are, in use or not. */
    int size() {
        return pool.getTotalConnections();
    }

    /**
     * A hold begins: no connection is opened until {@link #resume}. Those there are stay, so that the pool can serve again at
     * once; Hikari may go on looking after them. May be called by any thread.
     */
    public void pause() {
        adder.pause();
    }

    /** The hold ends. May be called by any thread. */
    public void resume() {
        adder.resume();
    }

    /** Whether no connection is in use, here or in others' pools. Once callers can't get in any more it stays so; see {@link #awaitUnused}. */
    public boolean isUnused() {
        return use.isUnused() && sessions.inUse() == 0;
    }

    /**
     * Blocks until no connection is in use. To be called when callers can't get in any more.
     *
     * <p>It is exact. A caller marks a connection as in use (a CAS in Hikari's bag) <em>before</em> it reads which generation
     * is current; the gate is closed by writing that (volatile) <em>before</em> anybody here reads what is in use. So either
     * the connection is seen in use here, or its caller sees the closed gate and gives it back untouched. A connection that is
     * given back has been rolled back, and is counted as in use until the server has answered that.
     *
     * @param bound how long at most
     * @param ended when nobody is interested any more
     * @return whether nothing was in use; false at the bound, when {@code ended}, after {@link #close} and on an interrupt
     */
    public boolean awaitUnused(Duration bound, BooleanSupplier ended) {
        BooleanSupplier over = () -> ended.getAsBoolean() || closed.get();
        return use.awaitUnused(bound, over) && sessions.awaitUnused(bound, over);
    }

    /**
     * Looks, before a held pool serves again, whether the server ended its sessions meanwhile, and then replaces all of them:
     * Hikari hands out what was in use within the last 500 ms without looking. Blocks while the server gives no answer, for
     * some seconds at most; callers needn't wait for that: by then Hikari looks itself.
     *
     * @param ended when nobody is interested any more
     */
    public void revive(BooleanSupplier ended) {
        int before = pool.getTotalConnections();
        boolean alive = new IdleConnections(pool).areAlive(ended) && sessions.seemAlive();
        if (!alive && !ended.getAsBoolean()) {
            LOG.info("{}: the server ended sessions during the hold; replacing {} connection(s)", pool, before);
            sizing.replaceAll(before);
            sessions.replaceAll();
        }
    }

    /** What it takes for a primary from now on. May be called by any thread. */
    public void accept(AcceptedPrimary accepts) {
        source.fenced().accept(accepts);
    }

    /**
     * Replaces all connections if any began under a fence, for that one would stay read-only. Callers may borrow meanwhile: none
     * gets one that was there before, but for one that was on its way into the pool just then and is replaced a slice later.
     * Blocks for a slice at most.
     */
    public void replaceFenced() {
        if (source.fenced().any()) {
            LOG.info("{}: replacing the connections that began under a fence", pool);
            sessions.replaceAll();
            sizing.replaceAll(pool.getTotalConnections());
            if (!BoundedWait.until(SLICE, () -> !source.fenced().any())) {
                sizing.replaceAll(pool.getTotalConnections());
            }
        }
    }

    /** What is wrong now with it; empty while connections can be opened. May be called by any thread. */
    public Optional<ServingPoolProblem> trouble() {
        return Optional.ofNullable(source.health().trouble(pool.getTotalConnections()));
    }

    /**
     * Finds out what nobody would notice while the pool isn't used: that idle connections have lost their server, or that a
     * server that was in trouble is well again. One round trip, or one attempt to connect; blocks for as long as that may take.
     */
    public void look() {
        if (closed.get() || adder.isPaused()) {
            return;
        }
        if (source.health().isForgotten(FORGOTTEN)) {
            source.probe();
        }
        new IdleConnections(pool).evictOneIfDead();
        sessions.dropSpares(); // sessions that move here have done so by now
    }

    /**
     * Asks the server, on a connection of its own, whether it still takes writes; if it doesn't, all connections go, those in use
     * once they are given back. Blocks for as long as an attempt to connect may take.
     */
    public void checkRole() {
        if (!adder.isPaused()) { // nobody may log in during a pause
            source.probe();
        }
        if (source.health().isRefusingWrites() && !closed.get()) {
            LOG.info("{}: the server takes no writes any more; giving its connections up", pool);
            sizing.evictAll();
            sessions.replaceAll();
        }
    }

    /**
     * Empties the pool after another generation has taken its place, and closes it. Callers that are still inside are let
     * through first (they give back what they get and go on to the new generation); then idle connections go, and those in
     * use as they are given back. At the end of {@code grace} what is left is ended on the server. Blocks for a bounded
     * time: the grace, a few seconds for ending, and the time in which a late caller may still be inside.
     */
    public Connector.Ended retire(Duration grace, Connector connector) {
        Connector.Ended ended = drain.afterReplacement(grace, connector, settings.validationTimeout());
        close();
        return ended;
    }

    /** Empties and closes the pool of a data source that nobody borrows from any more. Blocks as {@link #retire} does. */
    public Connector.Ended shutDown(Duration grace, Connector connector) {
        Connector.Ended ended = drain.afterTheEnd(grace, connector);
        close();
        return ended;
    }

    /** The data source is closing: whatever is left of the grace, it is {@code grace} now. May be called by any thread. */
    public void hurry(Duration grace) {
        drain.hurry(grace);
    }

    /** Whether it was closed: nothing that it opened is left, on this side. May be called by any thread. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Closes the pool at once, aborting what is in use on this side. Idempotent. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        adder.cancel();
        boolean interrupted = Thread.interrupted(); // or Hikari would leave its threads behind
        try {
            pool.shutdown();
            awaitFillersGone();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            source.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitFillersGone() throws InterruptedException {
        if (!adder.awaitFillersGone(FILLERS_END)) {
            LOG.info("{}: logins are still under way; each connection is closed as soon as it is open", pool);
        }
    }

    @Override
    public String toString() {
        return pool.toString();
    }
}
