package dev.connectionregistry.internal.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One connection that another pool keeps: its physical connection to the server, and the gate before each of its
 * transactions.
 *
 * <p>It counts as in use from {@link #enter} until a {@link #leave} that leaves no transaction open. The first
 * statement of a transaction waits at the gate while a cutover holds it. If another generation is current by then, the
 * session moves: it opens a connection there, is {@linkplain Owner#restore restored}, and closes the previous one. It
 * never moves within a transaction. If its connection breaks in use, it is closed for good: the work of its transaction
 * is lost, so nothing may follow it on another server.
 *
 * <p>Thread-safe. No lock is held while it waits at the gate or while a statement runs. A lock is held while a
 * connection is opened, and {@link #close} waits for it.
 */
public final class GatedSession {
    private final Borrower borrower;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by "lock".
    private @Nullable PoolGeneration generation;
    private int edition;
    private int running;
    private boolean unwrapped;
    private boolean doomed;

    /** Whether it counts as in use in "generation"; written under "lock". */
    private volatile boolean counted;

    /** Whether it was let through a held gate, and is about to be counted. */
    private volatile boolean entering;

    private final Borrower.Passenger letThrough = new Borrower.Passenger() {
        @Override
        public void enters() {
            entering = true;
        }

        @Override
        public boolean isInUse() {
            return entering || counted;
        }
    };

    /** Written under "lock"; null before the first use and between two generations. */
    private volatile @Nullable Connection physical;

    private volatile boolean closed;

    /** The user of the session. */
    public interface Owner {
        /**
         * Gives a new connection the session state of the previous one. Called under the session's lock.
         *
         * @param first whether there was no connection before
         * @throws SQLException if that isn't possible; the new connection is then closed
         */
        void restore(Connection fresh, boolean first) throws SQLException;
    }

    /** A session without a connection to the server yet. */
    public GatedSession(Borrower borrower, Owner owner) {
        this.borrower = borrower;
        this.owner = owner;
    }

    /**
     * The connection for the next call to the server; the call must end with {@link #leave}. If no transaction is open,
     * waits at the gate, at most for the settings' connection time-out, and moves to the current generation.
     *
     * @throws SQLException if it is closed, time is up, the thread was interrupted, or no connection could be opened
     */
    public Connection enter() throws SQLException {
        Connection inside = enterIfCounted();
        while (inside == null) {
            inside = enterFromGate();
        }
        return inside;
    }

    private @Nullable Connection enterFromGate() throws SQLException {
        try {
            return begin(borrower.enter(letThrough));
        } finally {
            if (entering) {
                entering = false;
            }
        }
    }

    /** As {@link #enter}, but null instead of waiting at the gate, or for a connection to be opened. */
    public @Nullable Connection enterAtOnce() throws SQLException {
        Connection inside = enterIfCounted();
        if (inside != null) {
            return inside;
        }
        PoolGeneration served = borrower.enterAtOnce();
        if (served == null) {
            return null;
        }
        if (!isCurrentAt(served)) {
            served.sessions().leave();
            return null;
        }
        return begin(served);
    }

    private @Nullable Connection enterIfCounted() throws SQLException {
        lock.lock();
        try {
            requireOpen();
            if (!counted) {
                return null;
            }
            running++;
            unwrapped = false;
            return physical;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Continues on {@code served}, where the session is already counted; null if another thread has started meanwhile.
     */
    private @Nullable Connection begin(PoolGeneration served) throws SQLException {
        boolean begun = false;
        lock.lock();
        try {
            requireOpen();
            if (counted) {
                return null;
            }
            Connection usable = isCurrentAt(served) ? physical : null;
            Connection connection = usable == null ? moveTo(served) : usable;
            counted = true;
            running++;
            begun = true;
            return connection;
        } finally {
            lock.unlock();
            if (!begun) {
                served.sessions().leave();
            }
        }
    }

    private Connection moveTo(PoolGeneration served) throws SQLException {
        boolean first = generation == null;
        vacate();
        Sessions sessions = served.sessions();
        int now = sessions.edition();
        Connection fresh = sessions.open(this);
        try {
            owner.restore(fresh, first);
        } catch (SQLException | RuntimeException e) {
            sessions.forget(this);
            PostgresConnector.closeQuietly(fresh);
            throw e;
        }
        generation = served;
        edition = now;
        doomed = false;
        physical = fresh;
        return fresh;
    }

    private boolean isCurrentAt(PoolGeneration served) {
        lock.lock();
        try {
            return physical != null
                    && !doomed
                    && generation == served
                    && edition == served.sessions().edition();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLException("the connection is closed, or its server ended it; take another one", "08003");
        }
    }

    /** Stays in use for another {@link #leave}; call it between {@link #enter} and its own leave. */
    public void enterAgain() {
        lock.lock();
        try {
            running++;
        } finally {
            lock.unlock();
        }
    }

    /** A call to the server has ended. */
    public void leave() {
        lock.lock();
        try {
            running--;
            leaveIfDone();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The physical connection was handed out: it stays in use until a later call ends, or until {@link #settle}. Call
     * this before {@link #leave}.
     */
    public void unwrapped() {
        lock.lock();
        try {
            unwrapped = true;
        } finally {
            lock.unlock();
        }
    }

    /** The connection that was handed out is no longer used. */
    public void settle() {
        lock.lock();
        try {
            unwrapped = false;
            leaveIfDone();
        } finally {
            lock.unlock();
        }
    }

    private void leaveIfDone() {
        Connection now = physical;
        PoolGeneration at = generation;
        boolean done = running == 0 && !unwrapped && (now == null || !isTransactionOpen(now));
        if (!counted || !done || at == null) {
            return;
        }
        counted = false;
        if (now != null && ConnectionSource.isClosed(now)) {
            closed = true;
        }
        if (at.sessions().isEnding() || closed) {
            vacate();
        }
        at.sessions().leave();
    }

    /** Whether a transaction is open, according to the server's latest answer. */
    private static boolean isTransactionOpen(Connection connection) {
        try {
            if (connection.isClosed()) {
                return false;
            }
            return connection instanceof BaseConnection postgres
                    ? postgres.getTransactionState() != TransactionState.IDLE
                    : !connection.getAutoCommit();
        } catch (SQLException e) {
            return false;
        }
    }

    /** A statement failed. Checks whether the error suggests a moved database; a broken connection isn't used again. */
    public void failed(SQLException failure) {
        PoolGeneration at;
        lock.lock();
        try {
            at = generation;
        } finally {
            lock.unlock();
        }
        if (at != null && at.sessions().isFatal(failure)) {
            lock.lock();
            try {
                doomed = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Whether the next transaction may run where the latest one did; true while a gate is closed, since the pool behind
     * it can't be checked.
     */
    public boolean isCurrent() {
        PoolGeneration served = borrower.served();
        return served == null ? !borrower.isShut() : isCurrentAt(served);
    }

    /** Whether it is in use now. */
    public boolean isInUse() {
        lock.lock();
        try {
            return counted;
        } finally {
            lock.unlock();
        }
    }

    /** The physical connection, for what needs no call to the server; null if there is none now. */
    public @Nullable Connection physical() {
        return physical;
    }

    /** Closes the connection of an idle session; does nothing if it is in use. Never waits. */
    void vacateIfIdle() {
        if (!lock.tryLock()) {
            return; // it is about to be used; it is checked again later
        }
        try {
            if (!counted) {
                vacate();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the server has ended an idle session; false if it is in use or has no connection. Asks the server. */
    boolean isIdleAndDead() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            Connection now = physical;
            return !counted && now != null && !Sessions.isAlive(now);
        } finally {
            lock.unlock();
        }
    }

    private void vacate() {
        Connection had = physical;
        PoolGeneration at = generation;
        physical = null;
        if (had != null) {
            PostgresConnector.closeQuietly(had);
        }
        if (at != null) {
            at.sessions().forget(this);
        }
    }

    /** Closes the session for good, whatever it is doing. Idempotent. */
    public void close() {
        closed = true;
        lock.lock();
        try {
            vacate();
            running = 0;
            unwrapped = false;
            leaveIfDone();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was closed, or its connection was lost. */
    public boolean isClosed() {
        Connection now = physical;
        return closed || (now != null && ConnectionSource.isClosed(now));
    }
}
