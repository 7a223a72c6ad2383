package dev.connectionregistry.samples.fleet.show;

import static dev.connectionregistry.samples.fleet.show.Frame.BELOW;
import static dev.connectionregistry.samples.fleet.show.Frame.LANE;
import static dev.connectionregistry.samples.fleet.show.Frame.LEFT;
import static dev.connectionregistry.samples.fleet.show.Frame.RIGHT;
import static dev.connectionregistry.samples.fleet.show.Frame.TOP;
import static dev.connectionregistry.samples.fleet.show.Frame.WIDTH;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The three drawings of the hold, on one axis of milliseconds: steps, instances, latency. Immutable. */
final class HoldCharts {
    private static final double NARROWEST = 2;
    private static final double LABEL = 60;

    private final HoldView hold;
    private final TimeAxis axis;

    HoldCharts(HoldView hold) {
        this.hold = hold;
        this.axis = new TimeAxis(hold.timeline().startMicros(), hold.endMicros(), hold.holdMicros(), LEFT, RIGHT);
    }

    /** A bar for each step, one below the other, with its milliseconds. */
    String steps() {
        double bottom = TOP + hold.steps().size() * LANE;
        StringBuilder svg = new StringBuilder(background(bottom));
        double y = TOP;
        for (Step step : hold.steps()) {
            double from = axis.x(step.startMicros());
            double to = Math.max(from + NARROWEST, axis.x(step.endMicros()));
            String hint = step.name() + ": " + step.millis();
            svg.append(Frame.laneName(y, step.name()))
                    .append(Frame.bar(step.done() ? "step" : "failed", from, to, y, hint))
                    .append(
                            to + LABEL < RIGHT
                                    ? Svg.text("tick", to + 6, y + 15, step.millis())
                                    : Svg.text("tick end", from - 6, y + 15, step.millis()));
            y += LANE;
        }
        return Svg.drawing("The steps of the hold over time", WIDTH, bottom + BELOW, svg.toString());
    }

    /** A lane for each instance: what it said it was doing. */
    String instances() {
        Map<String, List<Status>> sorted = new TreeMap<>(hold.statuses());
        double bottom = TOP + sorted.size() * LANE;
        StringBuilder svg = new StringBuilder(background(bottom));
        double y = TOP;
        for (Map.Entry<String, List<Status>> instance : sorted.entrySet()) {
            svg.append(Frame.laneName(y, instance.getKey()));
            List<Status> statuses = instance.getValue();
            for (int i = 0; i < statuses.size(); i++) {
                long until = i + 1 < statuses.size() ? statuses.get(i + 1).atMicros() : hold.endMicros();
                if (until > axis.startMicros() && statuses.get(i).atMicros() < axis.endMicros()) {
                    svg.append(state(instance.getKey(), statuses.get(i), until, y));
                }
            }
            y += LANE;
        }
        return Svg.drawing("What each instance does over time", WIDTH, bottom + BELOW, svg.toString());
    }

    private String state(String instance, Status status, long until, double y) {
        boolean moved = status.port() == hold.targetPort();
        String state = status.state().toLowerCase(Locale.ROOT);
        String cssClass = "lane-" + (state.equals("active") ? moved ? "new" : "old" : state);
        String hint = instance + ": " + state + " on the " + (moved ? "target" : "source") + ", from "
                + (status.atMicros() - hold.holdMicros()) / 1_000 + " ms";
        double from = axis.x(status.atMicros());
        return Frame.bar(cssClass, from, axis.x(until), y, hint);
    }

    /** The time for which callers could have been waiting. */
    private String background(double bottom) {
        double from = axis.x(hold.holdMicros());
        double to = axis.x(hold.releaseMicros());
        String length = (hold.releaseMicros() - hold.holdMicros()) / 1_000 + " ms";
        return Svg.rectangle("command", from, TOP, to - from, bottom - TOP, "the hold: " + length)
                + Svg.text("mark", from + 3, TOP - 8, "hold")
                + Svg.text("mark", to + 3, TOP - 8, "released")
                + axis.ticks(TOP, bottom);
    }

    /** As the callers saw it. */
    String latency() {
        LatencyPlot plot = new LatencyPlot(hold.timeline(), axis);
        String svg = background(plot.bottom()) + plot.curves();
        return Svg.drawing("Latency around the hold", WIDTH, plot.bottom() + BELOW, svg);
    }
}
