package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.core.internal.util.CleanLogger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/** Looks whether the idle connections of a pool that nobody borrows from still have a session on the server. */
final class IdleConnections {
    private static final Logger LOG = CleanLogger.of(IdleConnections.class);
    /** JDBC counts in seconds; one is the least it can wait for an answer. */
    private static final int ANSWER_SECONDS = 1;
    /** For getting one that is there: only a pause of the whole process makes it more than microseconds. */
    private static final long TAKE_MILLIS = 50;

    private final HikariPool pool;

    IdleConnections(HikariPool pool) {
        this.pool = pool;
    }

    /**
     * Asks one of them for an answer, if there is one, and evicts it if it gives none: Hikari opens another then, and what comes of
     * that tells how the server is. It asks itself, since Hikari doesn't where a connection was used within the last 500 ms.
     */
    void evictOneIfDead() {
        if (pool.getIdleConnections() == 0) {
            return;
        }
        try (Connection one = pool.getConnection(1)) {
            if (!one.isValid(ANSWER_SECONDS)) {
                pool.evictConnection(one);
            }
        } catch (SQLException e) { // all are in use by now, or Hikari found it dead
            LOG.debug("{}: no idle connection could be had", pool, e);
        }
    }

    /**
     * Asks each for an answer, until one gives none. What is taken stays taken until the end, so each is reached exactly once
     * whichever Hikari hands out next. A dead one is evicted. Blocks for a second, or for the pool's validation time-out,
     * where the server hangs.
     *
     * @param ended when to stop asking
     * @return false if one is dead; the others are likely to be, then
     */
    boolean areAlive(BooleanSupplier ended) {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int left = pool.getIdleConnections(); left > 0 && !ended.getAsBoolean(); left--) {
                Connection next = pool.getConnection(TAKE_MILLIS);
                taken.add(next);
                if (!next.isValid(ANSWER_SECONDS)) {
                    pool.evictConnection(next);
                    return false;
                }
            }
            return true;
        } catch (SQLException e) { // Hikari found those dead that had been idle for longer, and no other
            LOG.debug("{}: an idle connection could not be had", pool, e);
            return false;
        } finally {
            taken.forEach(PostgresConnector::closeQuietly);
        }
    }
}
