package dev.connectionregistry.benchmarks.cutover.load;

import java.util.Arrays;

/** How long statements took, in nanoseconds. Grows without boxing, so that measuring makes little garbage. For one thread. */
public final class Latencies {
    private static final int INITIAL_SIZE = 4_096;

    private long[] nanos = new long[INITIAL_SIZE];
    private int size;

    /** With these values. */
    public static Latencies of(long... values) {
        Latencies latencies = new Latencies();
        for (long value : values) {
            latencies.add(value);
        }
        return latencies;
    }

    void add(long value) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = value;
    }

    void addAll(Latencies more) {
        for (int i = 0; i < more.size; i++) {
            add(more.nanos[i]);
        }
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The longest, in milliseconds; 0 if there is none. */
    public double longestMillis() {
        return Arrays.stream(nanos, 0, size).max().orElse(0) / 1e6;
    }

    /**
     * The upper median, in microseconds.
     *
     * @throws IllegalStateException if there is none
     */
    public double medianMicros() {
        if (size == 0) {
            throw new IllegalStateException("no statement was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[size / 2] / 1e3;
    }
}
