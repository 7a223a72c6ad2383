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
 * <p>Uses {@link HikariPool} itself instead of {@code HikariDataSource}, because callers can then wait in slices
 * shorter than Hikari's 250 ms minimum (docs/adr/0003). {@link #take} and {@link #figures} may be called by any thread;
 * {@link #resize}, {@link #retire}, {@link #shutDown} and {@link #close} by one thread at a time.
 */
public final class PoolGeneration {
    private static final Logger LOG = CleanLogger.of(PoolGeneration.class);

    /** No caller waits longer than this on a pool without checking whether it is still the current one. */
    static final Duration SLICE = Duration.ofMillis(100);

    /** How often a hold checks for connections that broke in use; only returned connections wake it. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /**
     * How long {@link #close} waits for the threads that open connections ahead of Hikari; each login has its own
     * bounds.
     */
    private static final Duration FILLERS_END = Duration.ofSeconds(5);

    /** How long no connection attempt to a failing server must have been made before {@link #look} makes one. */
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

    /** The number of this generation in its data source, from 1. */
    public long number() {
        return number;
    }

    /** Which server its newest connection has reached. */
    public Optional<ServerIdentity> server() {
        return source.server();
    }

    /** The current sizes and time-outs. */
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
     * Whether another caller may ask for a connection: as many callers as there are idle connections; if there are
     * none, one caller, which waits for the next return.
     *
     * @param mayAsk how many callers may ask already
     */
    boolean hasRoom(int mayAsk) {
        return Math.max(mayAsk, pool.getThreadsAwaitingConnection()) < Math.max(1, pool.getIdleConnections());
    }

    /** Why no connection can be opened; null if the latest attempt succeeded, or there was none. */
    @Nullable
    SQLException whyFailing() {
        return source.whyFailing();
    }

    /** The connections that other pools keep. */
    Sessions sessions() {
        return sessions;
    }

    /** How many connections other pools keep, in use or not. */
    public int keptByOthers() {
        return sessions.size();
    }

    /** The pool's current figures, including the connections that other pools keep. */
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

    /** Changes sizes and time-outs in place, at once; {@link #trim} then adjusts the connections. */
    public void resize(PoolSettings changed) {
        settings = changed;
        PoolConfiguration.applyChangeable(config, changed);
    }

    /** Whether there are more connections than the settings allow, because they used to allow more. */
    public boolean isTooLarge() {
        return sizing.isTooLarge();
    }

    /**
     * Closes idle connections above the maximum and opens those missing below the minimum. Blocks for some seconds;
     * does nothing while another thread does this.
     */
    public void trim() {
        sizing.trim();
    }

    /** Opens {@code count} connections that are missing below the minimum, several at a time; returns at once. */
    void fill(int count) {
        sizing.fill(count);
    }

    /** How many connections there are, in use or not. */
    int size() {
        return pool.getTotalConnections();
    }

    /**
     * A hold begins: no connection is opened until {@link #resume}. Existing connections stay, so that the pool can be
     * used again at once; Hikari may continue to maintain them. May be called by any thread.
     */
    public void pause() {
        adder.pause();
    }

    /** The hold ends. May be called by any thread. */
    public void resume() {
        adder.resume();
    }

    /**
     * Whether no connection is in use, here or in other pools. Once callers can't get in any more, this stays true; see
     * {@link #awaitUnused}.
     */
    public boolean isUnused() {
        return use.isUnused() && sessions.inUse() == 0;
    }

    /**
     * Blocks until no connection is in use. Call it when callers can't get in any more.
     *
     * <p>It is exact. A caller marks a connection as in use (a CAS in Hikari's bag) <em>before</em> it reads which
     * generation is current; the gate is closed by writing that (volatile) <em>before</em> this method reads what is in
     * use. So either this method sees the connection in use, or its caller sees the closed gate and returns it
     * untouched. A returned connection has been rolled back, and counts as in use until the server has answered the
     * rollback.
     *
     * @param bound how long at most
     * @param ended when to stop waiting
     * @return whether nothing was in use; false at the bound, when {@code ended}, after {@link #close} and on an interrupt
     */
    public boolean awaitUnused(Duration bound, BooleanSupplier ended) {
        BooleanSupplier over = () -> ended.getAsBoolean() || closed.get();
        return use.awaitUnused(bound, over) && sessions.awaitUnused(bound, over);
    }

    /**
     * Checks, before a held pool is used again, whether the server has ended its sessions meanwhile; if so, replaces
     * all of them. Hikari itself hands out a connection that was used within the last 500 ms without testing it. Blocks
     * for some seconds at most if the server doesn't answer; callers needn't wait for that, since after that time
     * Hikari tests connections itself.
     *
     * @param ended when to stop testing
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

    /** Sets what counts as a primary from now on. May be called by any thread. */
    public void accept(AcceptedPrimary accepts) {
        source.fenced().accept(accepts);
    }

    /**
     * Replaces all connections if any of them began under a fence, since that one would stay read-only. Callers may
     * borrow meanwhile: none of them gets an earlier connection, except one that was just on its way into the pool and
     * is replaced a slice later. Blocks for a slice at most.
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

    /** What is wrong with it now; empty while connections can be opened. May be called by any thread. */
    public Optional<ServingPoolProblem> trouble() {
        return Optional.ofNullable(source.health().trouble(pool.getTotalConnections()));
    }

    /**
     * Finds out what nobody would notice while the pool isn't used: that idle connections have lost their server, or
     * that a failing server works again. Takes one round trip or one connection attempt; blocks for as long as that may
     * take.
     */
    public void look() {
        if (closed.get() || adder.isPaused()) {
            return;
        }
        if (source.health().isForgotten(FORGOTTEN)) {
            source.probe();
        }
        new IdleConnections(pool).evictOneIfDead();
        sessions.dropSpares(); // sessions that were to move here have done so by now
    }

    /**
     * Asks the server, on a separate connection, whether it still accepts writes. If it doesn't, closes all
     * connections, those in use once they are returned. Blocks for as long as a connection attempt may take.
     */
    public void checkRole() {
        if (!adder.isPaused()) { // nobody may log in during a pause
            source.probe();
        }
        if (source.health().isRefusingWrites() && !closed.get()) {
            LOG.info("{}: the server no longer accepts writes; closing its connections", pool);
            sizing.evictAll();
            sessions.replaceAll();
        }
    }

    /**
     * Empties the pool after another generation has taken its place, and closes it. First waits for callers that are
     * still inside (they return what they get and go on to the new generation); then closes idle connections, and those
     * in use as they are returned. At the end of {@code grace}, the remaining ones are ended on the server. Blocks for
     * a bounded time: the grace, a few seconds for ending, and the time for which a late caller may still be inside.
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

    /** The data source is closing: the rest of the grace is now {@code grace}. May be called by any thread. */
    public void hurry(Duration grace) {
        drain.hurry(grace);
    }

    /** Whether it was closed: on this side, nothing that it opened remains. May be called by any thread. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Closes the pool at once, aborting connections in use on this side. Idempotent. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        adder.cancel();
        boolean interrupted = Thread.interrupted(); // otherwise Hikari would leave its threads behind
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
