package dev.connectionregistry.samples.fleet.show;

import static dev.connectionregistry.samples.fleet.show.Frame.BELOW;
import static dev.connectionregistry.samples.fleet.show.Frame.LANE;
import static dev.connectionregistry.samples.fleet.show.Frame.LEFT;
import static dev.connectionregistry.samples.fleet.show.Frame.RIGHT;
import static dev.connectionregistry.samples.fleet.show.Frame.TOP;
import static dev.connectionregistry.samples.fleet.show.Frame.WIDTH;

import dev.connectionregistry.samples.fleet.measure.Timeline.Slice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The three drawings of the report, on one time axis: load, latency, and where each instance is. Immutable. */
final class Charts {
    private static final int STEPS = 4;

    private final Report report;
    private final TimeAxis axis;

    Charts(Report report) {
        this.report = report;
        this.axis = new TimeAxis(
                report.timeline().startMicros(),
                report.endMicros(),
                report.timeline().startMicros(),
                LEFT,
                RIGHT);
    }

    /** Statements a second, the source's below the target's. */
    String load() {
        double bottom = TOP + 190;
        List<Slice> slices = report.timeline().slices();
        double perSecond = 1e6 / report.timeline().sliceMicros();
        double highest = slices.stream()
                        .mapToInt(each -> each.onSource() + each.onTarget())
                        .max()
                        .orElse(0)
                * perSecond;
        double step = roundStep(Math.max(STEPS, highest));
        double top = step * STEPS;
        ToDoubleFunction<Double> y = value -> bottom - (bottom - TOP) * value / top;
        StringBuilder svg = new StringBuilder(background(bottom));
        for (int i = 0; i <= STEPS; i++) {
            double value = step * i;
            svg.append(Frame.horizontal(y.applyAsDouble(value), String.format(Locale.ROOT, "%.0f", value)));
        }
        svg.append(Svg.path("area-old", area(slice -> y.applyAsDouble(slice.onSource() * perSecond), slice -> bottom)));
        svg.append(Svg.path(
                "area-new",
                area(
                        slice -> y.applyAsDouble((slice.onSource() + slice.onTarget()) * perSecond),
                        slice -> y.applyAsDouble(slice.onSource() * perSecond))));
        for (int i = 0; i < slices.size(); i++) {
            if (slices.get(i).failed() > 0) {
                svg.append(Svg.rectangle(
                        "failed", x(i) - 2, TOP, 4, bottom - TOP, slices.get(i).failed() + " failed"));
            }
        }
        return Svg.drawing(
                "Statements a second over time", WIDTH, bottom + BELOW, svg + writeLine(bottom) + writeLabel());
    }

    /** As the callers saw it. */
    String latency() {
        LatencyPlot plot = new LatencyPlot(report.timeline(), axis);
        double bottom = plot.bottom();
        String svg = background(bottom) + plot.curves() + writeLine(bottom) + writeLabel();
        return Svg.drawing("Latency over time", WIDTH, bottom + BELOW, svg);
    }

    /** A lane for each instance: on the source, then on the target. */
    String instances() {
        int count = report.moves().byInstance().size();
        double bottom = TOP + count * LANE;
        StringBuilder svg = new StringBuilder(background(bottom));
        double y = TOP;
        for (var move : report.moves().byInstance().entrySet()) {
            double moved = axis.x(move.getValue().orElse(report.endMicros()));
            svg.append(Frame.laneName(y, move.getKey()))
                    .append(Frame.bar("lane-old", LEFT, moved, y, move.getKey() + ": source"));
            if (move.getValue().isPresent()) {
                long after = move.getValue().get()
                        - report.writeMicros().orElse(move.getValue().get());
                String hint = move.getKey() + ": target, " + after / 1_000 + " ms after the write";
                double returned = report.back()
                        .flatMap(back -> back.moves().byInstance().getOrDefault(move.getKey(), Optional.empty()))
                        .map(axis::x)
                        .orElse(RIGHT);
                svg.append(Frame.bar("lane-new", moved, returned, y, hint))
                        .append(Frame.bar("lane-old", returned, RIGHT, y, move.getKey() + ": source again"))
                        .append(Svg.text(
                                "lane-text", Math.min(moved + 6, RIGHT - 60), y + 15, "+" + after / 1_000 + " ms"));
            }
            y += LANE;
        }
        return Svg.drawing("Where each instance is over time", WIDTH, bottom + BELOW, svg + writeLine(bottom));
    }

    /** The warm-up, and each command's time. */
    private String background(double bottom) {
        StringBuilder svg = new StringBuilder();
        double warm = axis.x(report.measuredFromMicros());
        svg.append(Svg.rectangle("warm-up", LEFT, TOP, warm - LEFT, bottom - TOP, "warm-up"))
                .append(Svg.text("mark", LEFT + 4, TOP - 8, "warm-up"));
        int number = 0;
        for (Span command : report.commands()) {
            number++;
            if (command.endMicros() > report.timeline().startMicros()) {
                double from = axis.x(command.startMicros());
                double to = axis.x(command.endMicros());
                svg.append(Svg.rectangle("command", from, TOP, to - from, bottom - TOP, command.label()))
                        .append(Svg.text("mark", from + 3, TOP - 8, "(" + number + ")"));
            }
        }
        return svg + axis.ticks(TOP, bottom);
    }

    private String writeLine(double bottom) {
        return Stream.concat(report.writeMicros().stream(), report.back().map(Report.WayBack::writeMicros).stream())
                .map(write -> Svg.line("write", axis.x(write), TOP, axis.x(write), bottom))
                .collect(Collectors.joining());
    }

    private String writeLabel() {
        return report.writeMicros()
                .map(write -> Svg.text("mark write-text end", axis.x(write) - 5, TOP + 13, "endpoint written"))
                .orElse("");
    }

    private double x(int slice) {
        return axis.x(report.timeline().middleMicros(slice));
    }

    private CharSequence area(ToDoubleFunction<Slice> upper, ToDoubleFunction<Slice> lower) {
        List<Slice> slices = report.timeline().slices();
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < slices.size(); i++) {
            data.append(Svg.point(i == 0 ? 'M' : 'L', x(i), upper.applyAsDouble(slices.get(i))));
        }
        for (int i = slices.size() - 1; i >= 0; i--) {
            data.append(Svg.point('L', x(i), lower.applyAsDouble(slices.get(i))));
        }
        return data.append('Z');
    }

    /** A round number of which {@link #STEPS} reach {@code value}. */
    private static double roundStep(double value) {
        double least = value / STEPS;
        double unit = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * unit >= least) {
                return factor * unit;
            }
        }
        return 10 * unit;
    }
}
