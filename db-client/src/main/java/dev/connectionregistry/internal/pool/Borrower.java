package dev.connectionregistry.internal.pool;

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
 * <p>A caller takes a connection first and looks then whether the pool it came from is still the current one. If it isn't,
 * the connection goes back unused and the caller tries again on the new pool, or waits at the gate if there is none for a
 * while. So a pool's own count of connections in use is all that a drain or a hold has to watch, and no caller ever works on
 * a pool that was replaced or held before its checkout. The order is that of Hikari's {@code SuspendResumeLock}.
 *
 * <p>Thread-safe; {@link #publish}, {@link #hold}, {@link #release} and {@link #close} belong to one thread.
 */
public final class Borrower {
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final String database;
    private final Supplier<String> state;
    private final Gate gate = new Gate();
    private final Runnable letThrough;
    /**
     * Null before the first generation is published, while the gate is held, and after {@link #close}. It is set before the
     * gate opens and cleared after the gate has closed: whoever finds null and an open gate has only to look again.
     */
    private volatile @Nullable PoolGeneration current;

    /** Nothing to borrow yet. {@code state} describes the data source in messages. */
    public Borrower(String database, Supplier<String> state) {
        this(database, state, () -> {});
    }

    /** {@code letThrough} is run by each caller that has passed the gate, before the next one passes it. */
    Borrower(String database, Supplier<String> state, Runnable letThrough) {
        this.database = database;
        this.state = state;
        this.letThrough = letThrough;
    }

    /**
     * From now on callers borrow from {@code generation}. Those who wait at the gate pass it in the order in which they came. What
     * comes behind it is the pool's: whoever comes in that moment may be faster, and where there are fewer connections than callers
     * one may overtake another on its way to the pool's queue. Keeping the order there as well would let only one of those who
     * waited into that queue at a time, behind all who didn't wait.
     */
    public void publish(PoolGeneration generation) {
        current = generation;
        gate.open(timeout(generation));
    }

    /**
     * From now on callers wait at the gate, each at most for its own connection time-out. Those who have a connection keep it;
     * those who are about to get one give it back and come to the gate. Changes only the name if the gate is held already,
     * and nothing where nothing is served.
     *
     * @param cutover which cutover it is, for the callers' messages, such as {@code cutover c-9}
     */
    public void hold(String cutover) {
        PoolGeneration generation = current;
        if (generation != null || gate.isHeld()) {
            gate.hold(cutover, generation == null ? Duration.ZERO : timeout(generation));
            current = null;
        }
    }

    /** Ends a hold: callers borrow from {@code generation} again, let through as {@link #publish} says. */
    public void release(PoolGeneration generation) {
        publish(generation);
    }

    /** From now on nobody borrows anything; those who wait at the gate are told so. */
    public void close() {
        gate.shut();
        current = null;
    }

    /** How many callers wait at the gate now. */
    public int waiting() {
        return gate.waiting();
    }

    /**
     * Borrows a connection from the current generation, waiting while a cutover holds the gate.
     *
     * @return an open connection, which the caller owns; never from a generation that was replaced or held when the call began
     * @throws SQLTransientConnectionException if there was none within the connection time-out
     * @throws SQLException if the data source is closed, or the thread was interrupted (its flag is set then)
     */
    public Connection borrow() throws SQLException {
        PoolGeneration generation = current;
        if (generation == null) {
            return retry(gate.patience(), null);
        }
        Connection connection;
        try {
            connection = generation.take();
        } catch (SQLException e) {
            return borrowPatiently(generation, e);
        }
        return generation == current ? connection : giveBackAndRetry(connection, generation);
    }

    private Connection giveBackAndRetry(Connection unused, PoolGeneration generation) throws SQLException {
        PostgresConnector.closeQuietly(unused);
        return retry(Patience.of(timeout(generation)), null);
    }

    private Connection borrowPatiently(PoolGeneration generation, SQLException first) throws SQLException {
        // The first slice is spent already; nobody took the time before it, to keep the hot path free of a clock.
        return retry(Patience.after(PoolGeneration.SLICE, timeout(generation)), first);
    }

    private static Duration timeout(PoolGeneration generation) {
        return generation.poolSettings().connectionTimeout();
    }

    private Connection retry(Patience patience, @Nullable SQLException failure) throws SQLException {
        SQLException last = failure;
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(last);
            }
            PoolGeneration generation = current;
            if (generation == null) {
                passGate(patience, last);
                continue;
            }
            long started = System.nanoTime();
            long left = patience.leftNanos();
            if (left <= 0) {
                throw timedOut(generation, patience, last);
            }
            try {
                Connection connection = generation.take(Math.max(1, left / 1_000_000));
                if (generation == current) {
                    return connection;
                }
                PostgresConnector.closeQuietly(connection);
            } catch (SQLException e) {
                last = e;
                pauseIfAtOnce(started);
            }
        }
    }

    private void passGate(Patience patience, @Nullable SQLException last) throws SQLException {
        if (gate.isShut()) {
            throw closed();
        }
        try {
            Gate.Hold hold = gate.pass(patience, letThrough);
            if (hold != null) {
                throw timedOut(hold, patience, last);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(last);
        }
    }

    /** A pool that answers no without waiting must not make its callers spin. */
    private static void pauseIfAtOnce(long started) {
        if (System.nanoTime() - started < PAUSE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private SQLException timedOut(PoolGeneration generation, Patience patience, @Nullable SQLException last) {
        return timedOut(
                "no connection within " + patience.atMost().toMillis() + " ms",
                String.valueOf(generation.figures()),
                last);
    }

    private SQLException timedOut(Gate.Hold hold, Patience patience, @Nullable SQLException last) {
        String what = "no connection within " + patience.atMost().toMillis() + " ms: " + hold.cutover()
                + " has held the gate closed for " + hold.closedFor().toMillis() + " ms, this caller waited "
                + patience.waited().toMillis() + " ms";
        return timedOut(what, gate.waiting() + " other(s) waiting there", last);
    }

    private SQLException timedOut(String what, String figures, @Nullable SQLException last) {
        SQLException nested = last == null ? null : last.getNextException();
        SQLTransientConnectionException timeout = new SQLTransientConnectionException(
                database + ": " + what + " (" + state.get() + ", " + figures + ")"
                        + (nested == null ? "" : ": " + nested.getMessage()),
                nested == null ? "08001" : nested.getSQLState(),
                last);
        if (nested != null) {
            timeout.setNextException(nested);
        }
        return timeout;
    }

    private SQLException interrupted(@Nullable SQLException last) {
        return new SQLException(database + ": interrupted while waiting for a connection", "57014", last);
    }

    private SQLException closed() {
        return new SQLException(database + ": the data source is closed", "08003");
    }
}
