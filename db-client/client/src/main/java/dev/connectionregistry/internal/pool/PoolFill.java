package dev.connectionregistry.internal.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections ahead of Hikari, whose single adder thread would open one after the other. The first login runs
 * alone: it shows whether the server can be used. Then several run at the same time, as many as the {@link FillPace}
 * allows.
 *
 * <p>No connection is left over: connections that nobody takes are closed two seconds after the last login, or after
 * the last one was taken. The threads end with the fill. Thread-safe.
 */
final class PoolFill {
    private static final Duration UNTAKEN = Duration.ofSeconds(2);

    private final Login login;
    private final ThreadFactory threads;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by "lock", as are all fields below. */
    private final Deque<Opened> ready = new ArrayDeque<>();

    private final FillPace pace = new FillPace();
    /** Logins that haven't started; a thread will make them. */
    private int missing;
    /** Logins that are under way. */
    private int running;

    private int fillers;
    /** Why the fill failed; thrown to the next caller of {@link #take}. */
    private @Nullable SQLException failure;

    private boolean stopped;

    /** How one connection is opened. */
    interface Login {
        Opened open() throws SQLException;
    }

    /**
     * An open connection.
     *
     * @param pauses how many pauses had started when its login started
     */
    record Opened(Connection connection, long pauses) {}

    /** Does nothing yet. {@code threads} creates its threads; {@code nanoTime} measures how long a login takes. */
    PoolFill(Login login, ThreadFactory threads, LongSupplier nanoTime) {
        this.login = login;
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    /** Starts opening connections, so that {@code count} are ready or under way. Does nothing after {@link #stop}. */
    void want(int count) {
        boolean start;
        lock.lock();
        try {
            missing = stopped ? 0 : Math.max(missing, count - running - ready.size());
            failure = null;
            start = fillers == 0 && mayBegin();
            fillers += start ? 1 : 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (start) {
            startFiller();
        }
    }

    /**
     * Takes a connection; waits while there is none and logins are missing or under way.
     *
     * @return null if no fill is under way
     * @throws SQLException once, if the fill has ended because a login failed
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    @Nullable
    Opened take() throws SQLException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ready.isEmpty() && missing + running > 0 && !stopped) {
                changed.await();
            }
            Opened next = ready.poll();
            SQLException failed = failure;
            if (next == null && failed != null) {
                failure = null;
                throw failed;
            }
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connections that are ready; the fill goes on. */
    void discard() {
        List<Opened> unwanted;
        lock.lock();
        try {
            unwanted = removeReady();
        } finally {
            lock.unlock();
        }
        close(unwanted);
    }

    /**
     * Ends the fill for good. Connections that are ready are closed now; those being opened are closed when they are
     * open.
     */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            missing = 0;
        } finally {
            lock.unlock();
        }
        discard();
    }

    /**
     * Waits until all of its threads are gone.
     *
     * @return whether they are gone; false if that takes longer than {@code bound}
     */
    boolean awaitEnd(Duration bound) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = bound.toNanos();
            while (fillers > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return fillers == 0;
        } finally {
            lock.unlock();
        }
    }

    private List<Opened> removeReady() {
        List<Opened> removed = new ArrayList<>(ready);
        ready.clear();
        changed.signalAll();
        return removed;
    }

    private static void close(List<Opened> unwanted) {
        unwanted.forEach(each -> PostgresConnector.closeQuietly(each.connection()));
    }

    /** Counts another login as started, if one is missing and the pace allows one more. */
    private boolean mayBegin() {
        boolean may = missing > 0 && running < pace.allowed();
        if (may) {
            missing--;
            running++;
        }
        return may;
    }

    /** Starts a thread for a login that has been counted. If no thread can be made, Hikari makes the login. */
    private void startFiller() {
        try {
            threads.newThread(this::run).start();
        } catch (RuntimeException | Error e) {
            lock.lock();
            try {
                running--;
                fillers--;
                missing = fillers == 0 || stopped ? 0 : missing + 1;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        boolean another = true;
        while (another) {
            long begun = nanoTime.getAsLong();
            another = ended(attempt(), nanoTime.getAsLong() - begun) || !leaves();
        }
    }

    private @Nullable Opened attempt() {
        try {
            return login.open();
        } catch (SQLException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            failed(new SQLNonTransientConnectionException("can't connect: " + e, "08001", e));
        }
        return null;
    }

    private void failed(SQLException cause) {
        lock.lock();
        try {
            missing = 0;
            failure = cause;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A login has ended; {@code opened} is null if it failed. Returns whether this thread makes another login, which is
     * then counted.
     */
    private boolean ended(@Nullable Opened opened, long tookNanos) {
        boolean unwanted;
        boolean another;
        int more = 0;
        lock.lock();
        try {
            running--;
            unwanted = stopped;
            if (opened != null && !unwanted) {
                ready.add(opened);
                pace.note(tookNanos);
            }
            another = mayBegin();
            while (another && mayBegin()) {
                more++;
            }
            fillers += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < more; i++) {
            startFiller();
        }
        if (opened != null && unwanted) {
            close(List.of(opened));
        }
        return another;
    }

    /**
     * Counts this thread as gone, unless another login is missing, which is then counted. The last thread closes
     * connections that were not taken.
     */
    private boolean leaves() {
        while (true) {
            List<Opened> untaken;
            lock.lock();
            try {
                awaitTaken();
                if (mayBegin()) {
                    return false;
                }
                untaken = fillers == 1 ? removeReady() : List.of();
                if (untaken.isEmpty()) {
                    fillers--;
                    changed.signalAll();
                    return true;
                }
            } finally {
                lock.unlock();
            }
            close(untaken);
        }
    }

    /** The last thread stays until all connections are taken, more are wanted, or none was taken for two seconds. */
    private void awaitTaken() {
        long left = UNTAKEN.toNanos();
        int before = ready.size();
        while (fillers == 1 && missing == 0 && !ready.isEmpty() && left > 0) {
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) { // from a thread factory that ends its threads
                left = 0;
            }
            if (ready.size() < before) {
                before = ready.size();
                left = UNTAKEN.toNanos();
            }
        }
    }
}
