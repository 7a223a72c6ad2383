package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.settings.Durations;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;

/**
 * Empties one pool: opens no more connections, closes idle ones, closes those in use as they are returned, and ends the
 * remaining ones on the server at the end of the grace. For one thread, except {@link #hurry}; for one use.
 */
final class Drain {
    private static final Logger LOG = CleanLogger.of(Drain.class);

    /** How often the waits check for which nobody else waits. */
    private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

    private final HikariConfig config;
    private final HikariPool pool;
    private final Adder adder;
    private final Sessions sessions;
    private volatile Duration hurriedGrace = Duration.ZERO; // written before hurried
    private volatile boolean hurried;

    Drain(HikariConfig config, HikariPool pool, Adder adder, Sessions sessions) {
        this.config = config;
        this.pool = pool;
        this.adder = adder;
        this.sessions = sessions;
    }

    /**
     * Empties a pool that was replaced, after its callers have left. Blocks for the grace, a few seconds for ending,
     * and as long as a late caller may still be inside: a slice, and the probe of a connection.
     *
     * @param probe how long the probe of a connection may take
     */
    Connector.Ended afterReplacement(Duration grace, Connector connector, Duration probe) {
        long start = System.nanoTime();
        Duration slice = PoolGeneration.SLICE;
        Duration lateCallers = slice.multipliedBy(2).plus(probe);
        endFilling();
        BoundedWait.until(
                slice.multipliedBy(2), STEP_NANOS, () -> elapsed(start).compareTo(slice) >= 0 && waiting() == 0);
        Connector.Ended ended = empty(grace.minus(Durations.min(grace, elapsed(start))), connector);
        BoundedWait.until(lateCallers.minus(Durations.min(lateCallers, elapsed(start))), STEP_NANOS, () -> hurried);
        return ended;
    }

    /** Empties a pool that nobody borrows from any more. Blocks for the grace and a few seconds for ending. */
    Connector.Ended afterTheEnd(Duration grace, Connector connector) {
        endFilling();
        return empty(grace, connector);
    }

    private void endFilling() {
        config.setMinimumIdle(0);
        adder.stopFilling();
    }

    /** Sets the rest of the grace to {@code grace}. May be called by any thread. */
    void hurry(Duration grace) {
        hurriedGrace = grace;
        hurried = true;
    }

    private Connector.Ended empty(Duration grace, Connector connector) {
        BoundedWait.until(grace, () -> evictAndCheckEmpty() || hurried);
        Connector.Ended ended = hurried ? emptyHurriedly(connector) : emptyOrCut(connector);
        adder.cancel();
        return ended;
    }

    private Connector.Ended emptyHurriedly(Connector connector) {
        BoundedWait.until(hurriedGrace, this::evictAndCheckEmpty);
        return emptyOrCut(connector);
    }

    private Connector.Ended emptyOrCut(Connector connector) {
        return evictAndCheckEmpty() ? Connector.Ended.NONE : cut(connector);
    }

    private static Duration elapsed(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private int waiting() {
        return pool.getThreadsAwaitingConnection();
    }

    private boolean evictAndCheckEmpty() {
        pool.softEvictConnections();
        return sessions.endAndCheckEmpty() && pool.getTotalConnections() == 0;
    }

    private Connector.Ended cut(Connector connector) {
        ConnectionSource source = adder.source();
        List<Connection> inUse = source.openConnections();
        LOG.warn(
                "{}: {} connection(s) still in use at the end of the grace; ending them on the server",
                pool,
                inUse.size());
        Connector.Ended ended = connector.end(source.settings(), inUse);
        pool.softEvictConnections();
        return ended;
    }
}
