package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.load.Load;
import dev.connectionregistry.benchmarks.cutover.load.Observed;
import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.local.Cleanup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How long a statement takes in normal running, each way. All ways stand on the same database and take turns, block by block,
 * so that what else the machine does meets all alike. For one thread.
 */
final class AddedLatency {
    private static final long LEAD_MILLIS = 200;
    private static final long BLOCK_MILLIS = 1_000;

    private final int rate;
    private final Map<String, Callers> ways = new LinkedHashMap<>();
    private final Map<String, List<Double>> medians = new LinkedHashMap<>();

    private AddedLatency(int rate) {
        this.rate = rate;
    }

    /**
     * Measures all ways.
     *
     * @param blocks of a second for each way
     * @return by the way's title: the median of each block, in microseconds; blocks with the same index were neighbours
     * @throws BenchmarkException if a statement fails
     */
    static Map<String, List<Double>> measure(
            List<Side> sides, DatabasePair pair, int rate, int blocks, Cleanup cleanup, Progress progress) {
        AddedLatency latency = new AddedLatency(rate);
        try {
            for (Side side : sides) {
                latency.ways.put(side.title(), cleanup.add(side.connect(pair)));
                latency.medians.put(side.title(), new ArrayList<>());
            }
            latency.block("warm-up");
            latency.medians.values().forEach(List::clear);
            for (int i = 1; i <= blocks; i++) {
                latency.block("block " + i);
                progress.say("latency in normal running: block " + i + " of " + blocks);
            }
            return latency.medians;
        } finally {
            latency.ways.values().forEach(cleanup::closeNow);
        }
    }

    /** One turn of each way, in a new order. */
    private void block(String name) {
        List<String> order = new ArrayList<>(ways.keySet());
        Collections.shuffle(order);
        for (String way : order) {
            Objects.requireNonNull(medians.get(way)).add(median(way, name));
        }
    }

    private double median(String way, String block) {
        try (Load load = Load.start(Objects.requireNonNull(ways.get(way)).dataSources(), rate)) {
            TimeUnit.MILLISECONDS.sleep(LEAD_MILLIS);
            load.measure();
            TimeUnit.MILLISECONDS.sleep(BLOCK_MILLIS);
            Observed observed = load.stop();
            if (observed.failed() > 0) {
                throw new BenchmarkException(observed.failed() + " statements of " + way + " failed in normal running, "
                        + block + ": " + observed.firstFailure().orElse("?"));
            }
            return observed.latencies().medianMicros();
        } catch (InterruptedException e) {
            throw BenchmarkException.interrupted("the load", e);
        }
    }
}
