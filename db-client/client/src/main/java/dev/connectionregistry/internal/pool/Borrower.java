package dev.connectionregistry.internal.pool;

import dev.connectionregistry.registry.PoolFigures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hot path: one volatile read before Hikari's own borrow and one after it.
 *
 * <p>A caller first takes a connection and then checks whether the pool it came from is still the current one. If it
 * isn't, the caller returns the connection unused and tries again on the new pool, or waits at the gate if there is
 * none for now. So a drain or a hold only has to watch the pool's own count of connections in use, and no caller ever
 * works on a pool that was replaced or held before its checkout. The order is that of Hikari's
 * {@code SuspendResumeLock}.
 *
 * <p>A caller that finds no free connection within a slice, a closed gate, or other waiting callers joins the
 * {@link CallerQueue}, which decides who may ask the pool.
 *
 * <p>Thread-safe; {@link #publish}, {@link #hold}, {@link #release}, {@link #letThrough} and {@link #close} belong to one thread.
 */
public final class Borrower {
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final String database;
    private final Supplier<String> state;
    private final CallerQueue queue = new CallerQueue();

    /** Has nothing to borrow yet. {@code state} describes the data source in messages. */
    public Borrower(String database, Supplier<String> state) {
        this.database = database;
        this.state = state;
    }

    /**
     * Lets callers borrow from {@code generation} from now on; waiting callers are served in the order of their
     * arrival.
     */
    public void publish(PoolGeneration generation) {
        queue.publish(generation);
    }

    /**
     * Lets callers wait at the gate from now on, each at most for its own connection time-out. Callers that have a
     * connection keep it; callers that are about to get one return it and come to the gate. If the gate is already
     * held, only changes the name; if nothing is served, does nothing.
     *
     * @param run the run, for the callers' messages, such as {@code cutover c-9}
     */
    public void hold(String run) {
        queue.hold(run);
    }

    /**
     * Lets callers that wait at a held gate through, in order, as far as there are connections. Does nothing unless the
     * gate is held.
     *
     * @param through where to record the connections that they get
     * @param everybody whether all callers are let through, or only those whose thread already got a connection there
     *     and still has it
     */
    public void letThrough(PoolGeneration generation, LetThrough through, boolean everybody) {
        queue.letThrough(generation, through, everybody);
    }

    /**
     * Lets no more callers through. This is as exact as a hold: a caller that is let through marks a connection as in
     * use <em>before</em> it checks whether it still is let through. So any connection that isn't seen in use after
     * this call is returned untouched. May be called by any thread.
     */
    public void letNobodyThrough() {
        queue.letNobodyThrough();
    }

    /** Ends a hold: callers borrow from {@code generation} again, admitted as in {@link #publish}. */
    public void release(PoolGeneration generation) {
        publish(generation);
    }

    /** Ends borrowing; waiting callers get an error. */
    public void close() {
        queue.shut();
    }

    /**
     * How many callers wait now, at the closed gate or for their turn; callers inside the pool are in the pool's own
     * figures.
     */
    public int waiting() {
        return queue.waiting();
    }

    /**
     * Whether a new caller would have to wait behind others, at the gate or for its turn; also true if nothing is
     * served.
     */
    boolean isCrowded() {
        return queue.direct() == null;
    }

    /**
     * Borrows a connection from the current generation, waiting while a cutover holds the gate.
     *
     * @return an open connection, which the caller owns; never from a generation that was replaced or held when the call began
     * @throws SQLTransientConnectionException if there was none within the connection time-out
     * @throws SQLException if the data source is closed, or the thread was interrupted (its flag is set then)
     */
    public Connection borrow() throws SQLException {
        PoolGeneration generation = queue.direct();
        if (generation == null) {
            return wait(queue.arrive(), this::ask);
        }
        Connection connection;
        try {
            connection = generation.take();
        } catch (SQLException e) {
            // A slice has already passed; its start wasn't measured, to keep the hot path free of a clock.
            return wait(queue.arrive(PoolGeneration.SLICE, timeout(generation)), this::ask);
        }
        return generation == queue.direct() ? connection : keepOrRetry(connection, generation);
    }

    private Connection keepOrRetry(Connection connection, PoolGeneration generation) throws SQLException {
        if (queue.serves(generation)) {
            queue.passedBy(); // others have begun to wait meanwhile
            return connection;
        }
        PostgresConnector.closeQuietly(connection);
        return wait(queue.arrive(Duration.ZERO, timeout(generation)), this::ask);
    }

    private static Duration timeout(PoolGeneration generation) {
        return generation.poolSettings().connectionTimeout();
    }

    /**
     * Counts a session as in use in the current generation, waiting while a cutover holds the gate. The session must
     * leave it later.
     *
     * @param session is notified if it is let through
     * @return the generation, which was current after the session was counted, or was held while the session was let
     *     through
     * @throws SQLException as {@link #borrow} does
     */
    PoolGeneration enter(Passenger session) throws SQLException {
        PoolGeneration generation = queue.direct();
        if (generation != null) {
            PoolGeneration entered = enter(generation);
            if (entered != null) {
                return entered;
            }
        }
        return wait(queue.arrive(), (turn, caller) -> queue.hasTurn(caller) ? enter(turn, caller, session) : null);
    }

    /** A session that may be let through a held gate. */
    interface Passenger {
        /** It is let through and about to be in use. Called on its own thread. */
        void enters();

        /** Whether it is in use, or about to be. Any thread; never blocks. */
        boolean isInUse();
    }

    private @Nullable PoolGeneration enter(PoolGeneration generation, Caller caller, Passenger session) {
        generation.sessions().enter();
        if (isLetIn(generation, caller, session)) {
            return generation;
        }
        generation.sessions().leave();
        return null;
    }

    /**
     * Whether a caller may keep what it has counted as in use: the pool is current, or it is held and the caller is let
     * through.
     */
    private boolean isLetIn(PoolGeneration generation, Caller caller, Passenger what) {
        if (queue.serves(generation)) {
            return true;
        }
        Turn turn = caller.turn();
        LetThrough through = turn == null ? null : turn.through();
        if (through == null || !queue.hasTurn(caller)) {
            return false;
        }
        what.enters();
        through.add(generation, what::isInUse);
        return true;
    }

    /** A connection of the pool, in use until it is closed. */
    private record Borrowed(Connection connection) implements Passenger {
        @Override
        public void enters() {}

        @Override
        public boolean isInUse() {
            return !ConnectionSource.isClosed(connection);
        }
    }

    /** As {@link #enter(Passenger)}, but null instead of waiting. */
    @Nullable
    PoolGeneration enterAtOnce() {
        PoolGeneration generation = queue.served();
        return generation == null ? null : enter(generation);
    }

    private @Nullable PoolGeneration enter(PoolGeneration generation) {
        generation.sessions().enter();
        if (queue.serves(generation)) {
            return generation;
        }
        generation.sessions().leave();
        return null;
    }

    /** The current pool; null while the gate is held or shut. */
    @Nullable
    PoolGeneration served() {
        return queue.served();
    }

    /** Whether nothing is served, because it hasn't started or is over. */
    boolean isShut() {
        return queue.isShut();
    }

    /** What a caller does with its turn. */
    private interface Ask<T> {
        @Nullable
        T of(PoolGeneration generation, Caller caller) throws InterruptedException;
    }

    private <T> T wait(Caller caller, Ask<T> ask) throws SQLException {
        try {
            PoolGeneration generation = queue.await(caller);
            while (generation != null) {
                T got = ask.of(generation, caller);
                if (got != null) {
                    return got;
                }
                generation = queue.await(caller);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException(database + ": interrupted while waiting for a connection", "57014");
        } finally {
            queue.leave(caller);
        }
        throw ended(caller);
    }

    /** Asks a pool while it is the caller's turn; null if the turn ended, or the caller's time. */
    private @Nullable Connection ask(PoolGeneration generation, Caller caller) throws InterruptedException {
        while (queue.hasTurn(caller)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long started = System.nanoTime();
            caller.asks(started);
            long left = caller.leftNanos();
            if (left <= 0) {
                return null;
            }
            try {
                Connection connection = generation.take(Math.max(1, left / 1_000_000));
                if (isLetIn(generation, caller, new Borrowed(connection))) {
                    return connection;
                }
                PostgresConnector.closeQuietly(connection);
            } catch (SQLException e) {
                pauseIfAtOnce(
                        started); // the reason is looked up when the caller's time is up, in the pool of that moment
            }
        }
        return null;
    }

    /** Callers must not spin if a pool refuses without waiting. */
    private static void pauseIfAtOnce(long started) {
        if (System.nanoTime() - started < PAUSE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Why a caller gets nothing: the reason that applies now, whatever happened to it before. */
    private SQLException ended(Caller caller) {
        if (queue.isShut()) {
            return new SQLException(database + ": the data source is closed", "08003");
        }
        CallerQueue.Hold hold = queue.hold();
        if (hold != null) {
            return timedOut(hold, caller);
        }
        PoolGeneration generation = queue.served();
        String what = "no connection within " + caller.atMost().toMillis() + " ms";
        return generation == null
                ? timedOut(what, "no pool", null)
                : timedOut(what, String.valueOf(figures(generation)), generation.whyFailing());
    }

    private PoolFigures figures(PoolGeneration generation) {
        return generation.figures().plus(0, queue.waiting());
    }

    private SQLException timedOut(CallerQueue.Hold hold, Caller caller) {
        String what = "no connection within " + caller.atMost().toMillis() + " ms: " + hold.run()
                + " has held the gate closed for " + hold.closedFor().toMillis() + " ms, this caller waited "
                + caller.waited().toMillis() + " ms";
        return timedOut(what, queue.waiting() + " other(s) waiting there", null);
    }

    private SQLException timedOut(String what, String figures, @Nullable SQLException trouble) {
        SQLTransientConnectionException timeout = new SQLTransientConnectionException(
                database + ": " + what + " (" + state.get() + ", " + figures + ")"
                        + (trouble == null ? "" : ": " + trouble.getMessage()),
                trouble == null ? "08001" : trouble.getSQLState(),
                trouble);
        if (trouble != null) {
            timeout.setNextException(trouble);
        }
        return timeout;
    }
}
