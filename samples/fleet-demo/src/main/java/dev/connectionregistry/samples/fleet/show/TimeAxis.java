package dev.connectionregistry.samples.fleet.show;

import java.util.Locale;

/**
 * Places times on a drawing, from left to right.
 *
 * @param startMicros the time at the left edge
 * @param endMicros the time at the right edge
 * @param zeroMicros the time that is labelled 0
 * @param left where the left edge is
 * @param right where the right edge is
 */
record TimeAxis(long startMicros, long endMicros, long zeroMicros, double left, double right) {
    private static final long SECOND = 1_000_000;
    private static final long[] STEPS = {
        1_000,
        2_000,
        5_000,
        10_000,
        20_000,
        50_000,
        100_000,
        200_000,
        500_000,
        SECOND,
        2 * SECOND,
        5 * SECOND,
        10 * SECOND,
        20 * SECOND,
        30 * SECOND,
        60 * SECOND,
        120 * SECOND,
        300 * SECOND
    };
    private static final int MOST_TICKS = 16;

    double x(long micros) {
        long inside = Math.max(startMicros, Math.min(endMicros, micros));
        return left + (right - left) * (inside - startMicros) / Math.max(1, endMicros - startMicros);
    }

    /** A tick at each round number of seconds or milliseconds, labelled below. */
    String ticks(double top, double bottom) {
        StringBuilder svg = new StringBuilder();
        long step = step();
        long first = -Math.floorDiv(zeroMicros - startMicros, step) * step;
        for (long offset = first; zeroMicros + offset <= endMicros; offset += step) {
            double x = x(zeroMicros + offset);
            svg.append(Svg.line("grid", x, top, x, bottom))
                    .append(Svg.text("tick middle", x, bottom + 16, label(offset, step)));
        }
        return svg.toString();
    }

    private long step() {
        for (long step : STEPS) {
            if ((endMicros - startMicros) / step <= MOST_TICKS) {
                return step;
            }
        }
        return STEPS[STEPS.length - 1];
    }

    private static String label(long offset, long step) {
        return step < SECOND ? offset / 1_000 + " ms" : offset / SECOND + " s";
    }

    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
}
