package dev.connectionregistry.benchmarks.cutover.side;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import java.util.List;
import javax.sql.DataSource;

/** Data sources of a few "instances", with what stands behind them. */
public interface Callers extends AutoCloseable {
    /** How many instances there are. */
    int INSTANCES = 3;

    /** Connections of each instance's pool: no caller ever waits for another one's. */
    int POOL_SIZE = 4;

    /** One for each instance. */
    List<DataSource> dataSources();

    /**
     * Moves them to the target while they are used; once.
     *
     * @return what that took
     * @throws BenchmarkException if it fails, or takes unreasonably long
     * @throws UnsupportedOperationException where callers can't be moved
     */
    CutoverTimes moveToTarget();

    /** Closes the data sources and all that stands behind them. Idempotent. */
    @Override
    void close();
}
