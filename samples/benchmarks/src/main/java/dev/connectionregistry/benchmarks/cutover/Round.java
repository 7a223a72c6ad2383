package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.load.Load;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.load.Rows;
import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One cutover under load, on databases of its own.
 *
 * @param times where its time went
 * @param observed what the callers saw
 * @param rows what became of the acknowledged rows
 */
record Round(CutoverTimes times, Observed observed, Rows rows) {
    private static final long WARM_UP_MILLIS = 2_000;

    /** At least; the same for all contenders, so that the machine's own hiccups have the same chance to meet both. */
    private static final long MEASURED_MILLIS = 8_000;

    private static final long BEFORE_MILLIS = 1_000;
    private static final long AFTER_MILLIS = 1_000;

    /**
     * Makes the databases, connects the callers, lets them work, moves them, looks up every row.
     *
     * @param name of the databases
     * @throws BenchmarkException if the cutover or anything around it fails; failed statements are no such failure
     */
    static Round run(Side side, Servers servers, String name, int rate, Cleanup cleanup) {
        DatabasePair pair = cleanup.add(DatabasePair.create(servers, name));
        try {
            Callers callers = cleanup.add(side.connect(pair));
            try {
                return underLoad(callers, pair, rate);
            } finally {
                cleanup.closeNow(callers);
            }
        } finally {
            cleanup.closeNow(pair);
        }
    }

    private static Round underLoad(Callers callers, DatabasePair pair, int rate) {
        try (Load load = Load.start(callers.dataSources(), rate)) {
            pause(WARM_UP_MILLIS);
            load.measure();
            long start = System.nanoTime();
            pause(BEFORE_MILLIS);
            CutoverTimes times = callers.moveToTarget();
            long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            pause(Math.max(AFTER_MILLIS, MEASURED_MILLIS - spent));
            Observed observed = load.stop();
            return new Round(times, observed, lookUp(pair, observed));
        }
    }

    private static Rows lookUp(DatabasePair pair, Observed observed) {
        try (Connection survivor = pair.operatorOnTarget()) {
            return Rows.lookUp(survivor, observed.acknowledged());
        } catch (SQLException e) {
            throw new BenchmarkException("the rows on the target cannot be looked up", e);
        }
    }

    private static void pause(long millis) {
        Deadline.pause(Duration.ofMillis(millis), "the load");
    }
}
