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
 * the connection goes back unused and the caller tries again on the new pool. So the old pool's own count of connections
 * in use is all that a drain has to watch, and no caller ever works on a pool that was replaced before its checkout. The
 * order is that of Hikari's {@code SuspendResumeLock}. Thread-safe; {@link #publish} and {@link #close} belong to one thread.
 */
public final class Borrower {
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final String database;
    private final Supplier<String> state;
    /** Null before the first generation is published and after {@link #close}. */
    private volatile @Nullable PoolGeneration current;

    /** Nothing to borrow yet. {@code state} describes the data source in messages. */
    public Borrower(String database, Supplier<String> state) {
        this.database = database;
        this.state = state;
    }

    /** From now on callers borrow from {@code generation}. */
    public void publish(PoolGeneration generation) {
        current = generation;
    }

    /** From now on nobody borrows anything. */
    public void close() {
        current = null;
    }

    /**
     * Borrows a connection from the current generation.
     *
     * @return an open connection, which the caller owns
     * @throws SQLTransientConnectionException if none was free within the connection time-out
     * @throws SQLException if the data source is closed, or the thread was interrupted (its flag is set then)
     */
    public Connection borrow() throws SQLException {
        PoolGeneration generation = current;
        if (generation == null) {
            throw closed();
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
        return retryUntil(System.nanoTime() + timeoutNanos(generation), null);
    }

    private Connection borrowPatiently(PoolGeneration generation, SQLException first) throws SQLException {
        // The first slice is spent already; nobody took the time before it, to keep the hot path free of a clock.
        long deadline = System.nanoTime() + timeoutNanos(generation) - PoolGeneration.SLICE.toNanos();
        return retryUntil(deadline, first);
    }

    private static long timeoutNanos(PoolGeneration generation) {
        return generation.poolSettings().connectionTimeout().toNanos();
    }

    private Connection retryUntil(long deadline, @Nullable SQLException failure) throws SQLException {
        SQLException last = failure;
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(last);
            }
            PoolGeneration generation = current;
            if (generation == null) {
                throw closed();
            }
            long started = System.nanoTime();
            if (deadline - started <= 0) {
                throw timedOut(generation, last);
            }
            try {
                Connection connection = generation.take(Math.max(1, (deadline - started) / 1_000_000));
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

    /** A pool that answers no without waiting must not make its callers spin. */
    private static void pauseIfAtOnce(long started) {
        if (System.nanoTime() - started < PAUSE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private SQLException timedOut(PoolGeneration generation, @Nullable SQLException last) {
        SQLException nested = last == null ? null : last.getNextException();
        SQLTransientConnectionException timeout = new SQLTransientConnectionException(
                database + ": no connection within "
                        + generation.poolSettings().connectionTimeout().toMillis() + " ms (" + state.get() + ", "
                        + generation.figures() + ")" + (nested == null ? "" : ": " + nested.getMessage()),
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
