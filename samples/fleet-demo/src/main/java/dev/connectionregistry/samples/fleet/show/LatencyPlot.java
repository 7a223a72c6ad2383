package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.measure.Timeline;
import dev.connectionregistry.samples.fleet.measure.Timeline.Slice;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Median, 95th percentile and the longest of each slice, in milliseconds on a logarithmic scale. Immutable. */
final class LatencyPlot {
    private static final double BOTTOM = Frame.TOP + 190;
    /** The scale begins at tenths of a millisecond. */
    private static final double LOWEST_MILLIS = 0.1;

    private final Timeline timeline;
    private final TimeAxis axis;
    private final double decades;

    LatencyPlot(Timeline timeline, TimeAxis axis) {
        this.timeline = timeline;
        this.axis = axis;
        long longest = timeline.slices().stream()
                .mapToLong(each -> each.latency().maximum())
                .max()
                .orElse(0);
        this.decades = Math.max(2, Math.ceil(Math.log10(Math.max(1, longest) / 1_000.0 / LOWEST_MILLIS)));
    }

    /** Where the lowest value is. */
    double bottom() {
        return BOTTOM;
    }

    /** Scale and curves. */
    String curves() {
        StringBuilder svg = new StringBuilder();
        for (int i = 0; i <= decades; i++) {
            double millis = LOWEST_MILLIS * Math.pow(10, i);
            String label = millis < 1 ? "0.1 ms" : String.format(Locale.ROOT, "%.0f ms", millis);
            svg.append(Frame.horizontal(BOTTOM - (BOTTOM - Frame.TOP) * i / decades, label));
        }
        return svg
                + curve("longest", slice -> slice.latency().maximum())
                + curve("p95", slice -> slice.latency().at(95))
                + curve("p50", slice -> slice.latency().at(50));
    }

    /** Interrupted where there was no work; a slice between two of these is a dot. */
    private String curve(String cssClass, ToLongFunction<Slice> micros) {
        StringBuilder data = new StringBuilder();
        boolean on = false;
        for (int i = 0; i < timeline.slices().size(); i++) {
            Slice slice = timeline.slices().get(i);
            if (slice.latency().count() > 0) {
                double y = y(micros.applyAsLong(slice));
                data.append(Svg.point(on ? 'L' : 'M', axis.x(timeline.middleMicros(i)), y));
                data.append(on ? "" : "h0.1");
            }
            on = slice.latency().count() > 0;
        }
        return Svg.path(cssClass, data);
    }

    private double y(long micros) {
        double millis = Math.max(LOWEST_MILLIS, micros / 1_000.0);
        return BOTTOM - (BOTTOM - Frame.TOP) * Math.log10(millis / LOWEST_MILLIS) / decades;
    }
}
