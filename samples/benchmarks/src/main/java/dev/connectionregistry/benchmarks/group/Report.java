package dev.connectionregistry.benchmarks.group;

import dev.connectionregistry.benchmarks.cutover.Median;
import dev.connectionregistry.benchmarks.cutover.Results;
import dev.connectionregistry.benchmarks.cutover.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table and the last line.
 *
 * @param one what was measured of one name
 * @param group what was measured of the group
 */
record Report(Results one, Results group) {
    /** All of it; the last line is for programs. */
    List<String> lines() {
        Map<String, Results> columns = new LinkedHashMap<>();
        columns.put(Moved.ONE.title(), one);
        columns.put(Moved.GROUP.title(), group);
        return new Table(columns)
                .linesWith("group one_ms=" + hold(one) + " group_ms=" + hold(group) + " failed=" + failed());
    }

    /** All failed statements, lost rows and doubled rows. */
    int failed() {
        return failed(one) + failed(group);
    }

    private static int failed(Results results) {
        return results.failed() + results.lost() + results.doubled();
    }

    private static long hold(Results results) {
        return Math.round(Median.of(results.holdMillis()));
    }
}
