package dev.connectionregistry.internal.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How connections get into Hikari: the data source that a pool's adder thread asks for them, and the scheduler that it
 * uses.
 *
 * <p>Hikari takes connections only from its single adder thread, which sleeps for 30 ms after each: 300 ms for a pool
 * of ten, however quickly they were opened. So the adder gets connections that are already open ({@link PoolFill}), and
 * skips the sleep after each of them. Between taking the connection and sleeping, it schedules the end of the
 * connection's life; at that point the thread interrupts itself. That ends the sleep at once, and the interrupt never
 * reaches another task (docs/adr/0028). In between, Hikari only puts the connection into its list. If a version of
 * Hikari did this in another order, it would sleep as before. Thread-safe.
 */
final class Adder implements DataSource {
    private final ConnectionSource source;
    private final ScheduledExecutorService scheduler;
    private final OpeningPause pause = new OpeningPause();
    private final PoolFill fill;
    /** The thread that received a connection opened ahead, until it schedules the end of that connection's life. */
    private volatile @Nullable Thread served;

    /**
     * Opens nothing yet.
     *
     * @param housekeeper Hikari's scheduler; stays the caller's
     * @param fillers creates the threads that open connections ahead
     */
    Adder(ConnectionSource source, ScheduledExecutorService housekeeper, ThreadFactory fillers) {
        this.source = source;
        this.scheduler = new Scheduler(housekeeper);
        this.fill = new PoolFill(this::open, fillers, System::nanoTime);
    }

    /** Where the connections come from. */
    ConnectionSource source() {
        return source;
    }

    /** The scheduler that Hikari must use. */
    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /**
     * Starts opening connections ahead, so that {@code count} are ready or under way. Does nothing while the latest
     * attempt has failed: then only Hikari tries again, with its back-off.
     */
    void fill(int count) {
        if (!source.health().isFailing()) {
            fill.want(count);
        }
    }

    /** Closes the connections that were opened ahead and not taken yet. */
    void discard() {
        fill.discard();
    }

    /** Opens no more connections ahead, and closes those that were not taken. */
    void stopFilling() {
        fill.stop();
    }

    /**
     * Lets threads that want a connection wait until {@link #resume} or {@link #cancel}, and discards connections that
     * are being opened now. During a hold the server may be fenced: a session that starts then could stay read-only
     * when the fence is lifted, and a refusal would make Hikari wait for up to 5 s before it tries again.
     */
    void pause() {
        pause.begin();
    }

    /** Whether it is paused. */
    boolean isPaused() {
        return pause.isOn();
    }

    /** Ends a pause. */
    void resume() {
        pause.end();
    }

    /** Opens no more connections; a connection that is being opened now is closed as soon as it is open. */
    void cancel() {
        source.cancel();
        fill.stop();
        pause.neverAgain();
    }

    /**
     * Waits, after {@link #cancel}, until no thread opens connections ahead; false if that takes longer than
     * {@code bound}.
     */
    boolean awaitFillersGone(Duration bound) throws InterruptedException {
        return fill.awaitEnd(bound);
    }

    /**
     * Takes a connection that was opened ahead, or waits for one under way; if there is neither, opens one. Waits while
     * paused.
     */
    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            PoolFill.Opened ahead = takeAhead();
            served = ahead == null ? null : Thread.currentThread();
            PoolFill.Opened next = ahead == null ? open() : ahead;
            if (!pause.begunSince(next.pauses())) {
                return next.connection();
            }
            // its session may have missed a change on the server, such as the end of the fence
            PostgresConnector.closeQuietly(next.connection());
        }
    }

    private PoolFill.@Nullable Opened takeAhead() throws SQLException {
        awaitResume();
        try {
            return fill.take();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private PoolFill.Opened open() throws SQLException {
        long pauses = awaitResume();
        return new PoolFill.Opened(source.getConnection(), pauses);
    }

    private long awaitResume() throws SQLException {
        try {
            return pause.await();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static SQLException interrupted() {
        Thread.currentThread().interrupt();
        return ConnectionSource.unwanted();
    }

    private void skipSleepIfServed() {
        if (served == Thread.currentThread()) {
            served = null;
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("credentials come from the settings");
    }

    /** How long Hikari waits for its adder at shutdown, in seconds; the connector bounds each connection attempt. */
    @Override
    public int getLoginTimeout() {
        return 5;
    }

    /** Ignored: Hikari would derive the login time-out from its own time-out. */
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    @Override
    public String toString() {
        return source.toString();
    }

    /** The housekeeper, which sees when the adder schedules the end of a connection's life. */
    private final class Scheduler extends AbstractExecutorService implements ScheduledExecutorService {
        private final ScheduledExecutorService housekeeper;

        Scheduler(ScheduledExecutorService housekeeper) {
            this.housekeeper = housekeeper;
        }

        /** Also called by callers, for each checkout, if the service detects leaks. */
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            ScheduledFuture<?> scheduled = housekeeper.schedule(command, delay, unit);
            skipSleepIfServed();
            return scheduled;
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            return housekeeper.schedule(callable, delay, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
            return housekeeper.scheduleAtFixedRate(command, initial, period, unit);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
            return housekeeper.scheduleWithFixedDelay(command, initial, delay, unit);
        }

        @Override
        public void execute(Runnable command) {
            housekeeper.execute(command);
        }

        @Override
        public void shutdown() {
            housekeeper.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return housekeeper.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return housekeeper.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return housekeeper.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return housekeeper.awaitTermination(timeout, unit);
        }
    }
}
