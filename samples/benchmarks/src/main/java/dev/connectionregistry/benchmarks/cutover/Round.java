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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * One cutover under load, on databases of its own.
 *
 * @param times where its time went
 * @param observed what the callers saw
 * @param rows what became of the acknowledged rows
 */
public record Round(CutoverTimes times, Observed observed, Rows rows) {
    private static final long WARM_UP_MILLIS = 2_000;

    /** At least; the same for all contenders, so that the machine's own hiccups have the same chance to meet both. */
    private static final long MEASURED_MILLIS = 8_000;

    private static final long BEFORE_MILLIS = 1_000;
    private static final long AFTER_MILLIS = 1_000;

    /** Connects callers to the databases of a round; the caller must close the result. */
    @FunctionalInterface
    public interface Connecting {
        /** Once for each round. */
        Callers connect(List<DatabasePair> pairs);
    }

    /**
     * What the callers do, all databases together.
     *
     * @param threads how many there are
     * @param rate statements a second
     */
    public record Work(int threads, int rate) {}

    static Round run(Side side, Servers servers, String name, int rate, Cleanup cleanup) {
        return run(pairs -> side.connect(pairs.get(0)), servers, List.of(name), new Work(Load.THREADS, rate), cleanup);
    }

    /**
     * Makes the databases, connects the callers, lets them work, moves them, looks up every row in the database it was written to.
     *
     * @param names of the databases
     * @throws BenchmarkException if the cutover or anything around it fails; failed statements are no such failure
     */
    public static Round run(Connecting connecting, Servers servers, List<String> names, Work work, Cleanup cleanup) {
        List<DatabasePair> pairs = new ArrayList<>();
        try {
            names.forEach(name -> pairs.add(cleanup.add(DatabasePair.create(servers, name))));
            Callers callers = cleanup.add(connecting.connect(pairs));
            try {
                return underLoad(callers, pairs, work);
            } finally {
                cleanup.closeNow(callers);
            }
        } finally {
            pairs.forEach(cleanup::closeNow);
        }
    }

    private static Round underLoad(Callers callers, List<DatabasePair> pairs, Work work) {
        List<Load> loads = new ArrayList<>();
        try {
            pairs.forEach(pair -> loads.add(start(callers, pair, work)));
            pause(WARM_UP_MILLIS);
            loads.forEach(Load::measure);
            long start = System.nanoTime();
            pause(BEFORE_MILLIS);
            CutoverTimes times = callers.moveToTarget();
            long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            pause(Math.max(AFTER_MILLIS, MEASURED_MILLIS - spent));
            List<Observed> observed = loads.stream().map(Load::stop).toList();
            Rows rows = new Rows(0, 0);
            for (int i = 0; i < pairs.size(); i++) {
                rows = rows.and(lookUp(pairs.get(i), observed.get(i)));
            }
            return new Round(times, Observed.together(observed), rows);
        } finally {
            loads.forEach(Load::close);
        }
    }

    /** Each database has a share of the threads like its share of the instances. */
    private static Load start(Callers callers, DatabasePair pair, Work work) {
        List<DataSource> mine = callers.dataSources(pair);
        int all = callers.dataSources().size();
        return Load.start(mine, work.threads() * mine.size() / all, (double) work.rate() * mine.size() / all);
    }

    /** What happened, in one line. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "  longest statement %.1f ms, hold %.1f ms, %d failed%s, %d of %d acknowledged rows lost, %d doubled",
                observed.latencies().longestMillis(),
                times.holdMillis(),
                observed.failed(),
                observed.firstFailure().map(text -> " (" + text + ")").orElse(""),
                rows.lost(),
                observed.acknowledged().size(),
                rows.doubled());
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
