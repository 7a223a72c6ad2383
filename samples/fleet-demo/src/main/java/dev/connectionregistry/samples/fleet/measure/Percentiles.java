package dev.connectionregistry.samples.fleet.measure;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Values in order. Immutable. */
public final class Percentiles {
    private final long[] sorted;

    private Percentiles(long[] sorted) {
        this.sorted = sorted;
    }

    /** Of any values, in any order. */
    public static Percentiles of(LongStream values) {
        long[] sorted = values.toArray();
        Arrays.sort(sorted);
        return new Percentiles(sorted);
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The smallest value that {@code percent} of all are not above; 0 if there are none. */
    public long at(double percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }

    /** The largest; 0 if there are none. */
    public long maximum() {
        return at(100);
    }
}
