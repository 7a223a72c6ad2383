package dev.connectionregistry.benchmarks.cutover.side;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;

/** One way to move callers from the source to the target. */
public interface Side {
    /** What it is called in the table. */
    String title();

    /**
     * Sets the callers up on the source.
     *
     * @return data sources that serve; the caller must close them
     * @throws BenchmarkException if that fails; nothing is left running then
     */
    Callers connect(DatabasePair pair);
}
