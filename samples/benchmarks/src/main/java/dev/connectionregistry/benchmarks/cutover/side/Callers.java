package dev.connectionregistry.benchmarks.cutover.side;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import java.util.List;
import javax.sql.DataSource;

/** Data sources of a few "instances", with what stands behind them. */
public interface Callers extends AutoCloseable {
    /** How many instances there are, unless something else is said. */
    int INSTANCES = 3;

    /** Connections of each instance's pool: no caller ever waits for another one's. */
    int POOL_SIZE = 4;

    /** One for each instance. */
    List<DataSource> dataSources();

    /** Those whose rows go to this database. */
    default List<DataSource> dataSources(DatabasePair pair) {
        return dataSources();
    }

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
