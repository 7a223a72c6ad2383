package dev.connectionregistry.internal.pool;

import com.zaxxer.hikari.pool.HikariPool;
import dev.connectionregistry.core.internal.util.CleanLogger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/** Checks whether the idle connections of a pool that nobody borrows from still have a session on the server. */
final class IdleConnections {
    private static final Logger LOG = CleanLogger.of(IdleConnections.class);
    /** JDBC counts in seconds; one second is the shortest wait for an answer. */
    private static final int ANSWER_SECONDS = 1;
    /** For taking an existing connection: only a pause of the whole process makes that take more than microseconds. */
    private static final long TAKE_MILLIS = 50;

    private final HikariPool pool;

    IdleConnections(HikariPool pool) {
        this.pool = pool;
    }

    /**
     * Tests one idle connection, if there is one, and evicts it if the server doesn't answer: Hikari then opens
     * another, and that attempt shows the state of the server. The test is made here because Hikari doesn't test a
     * connection that was used within the last 500 ms.
     */
    void evictOneIfDead() {
        if (pool.getIdleConnections() == 0) {
            return;
        }
        try (Connection one = pool.getConnection(1)) {
            if (!one.isValid(ANSWER_SECONDS)) {
                pool.evictConnection(one);
            }
        } catch (SQLException e) { // all are in use by now, or Hikari found the connection dead
            LOG.debug("{}: no idle connection was available", pool, e);
        }
    }

    /**
     * Tests each connection, until one fails. Connections that were taken stay taken until the end, so each is tested
     * exactly once, whichever Hikari hands out next. A dead connection is evicted. If the server hangs, blocks for a
     * second, or for the pool's validation time-out.
     *
     * @param ended when to stop testing
     * @return false if one is dead; the others are then likely to be dead too
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
        } catch (SQLException e) { // Hikari found the longer-idle ones dead, and there are no others
            LOG.debug("{}: an idle connection was not available", pool, e);
            return false;
        } finally {
            taken.forEach(PostgresConnector::closeQuietly);
        }
    }
}
