package dev.connectionregistry.benchmarks.hotpath;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was measured of one quantity, iteration by iteration over all forks. For one thread. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void addAll(Series more) {
        values.addAll(more.values);
    }

    double median() {
        return quantile(0.5);
    }

    /** Interpolated between neighbours. */
    double quantile(double share) {
        if (values.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        double position = share * (sorted.size() - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
    }

    /** The middle half's width, as a share of the median. */
    double spread() {
        return (quantile(0.75) - quantile(0.25)) / median();
    }
}
