package dev.connectionregistry.samples.fleet.show;

import java.util.Locale;

/**
 * Places times on a drawing, from left to right.
 *
 * @param startMicros the time at the left edge
 * @param endMicros the time at the right edge
 * @param left where the left edge is
 * @param right where the right edge is
 */
record TimeAxis(long startMicros, long endMicros, double left, double right) {
    private static final int[] STEPS = {1, 2, 5, 10, 20, 30, 60, 120, 300};
    private static final int MOST_TICKS = 16;

    double x(long micros) {
        long inside = Math.max(startMicros, Math.min(endMicros, micros));
        return left + (right - left) * (inside - startMicros) / Math.max(1, endMicros - startMicros);
    }

    /** Seconds, with a tick at each round number of them. */
    String ticks(double top, double bottom) {
        StringBuilder svg = new StringBuilder();
        double seconds = (endMicros - startMicros) / 1e6;
        int step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0 && seconds / STEPS[i] <= MOST_TICKS; i--) {
            step = STEPS[i];
        }
        for (int second = 0; second <= seconds; second += step) {
            double x = x(startMicros + second * 1_000_000L);
            svg.append(Svg.line("grid", x, top, x, bottom))
                    .append(Svg.text("tick middle", x, bottom + 16, second + " s"));
        }
        return svg.toString();
    }

    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
}
