package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.measure.Percentiles;
import dev.connectionregistry.samples.fleet.measure.Recorder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Writes the fleet's last second as lines: a panel for a terminal, one line for a pipe. Not thread-safe. */
public final class Panel {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String ASCII_BLOCKS = "_.-:=+*#";
    private static final int LABEL = 14;

    private final int targetPort;
    private final Deque<Long> throughput = new ArrayDeque<>();
    private final Deque<Long> longest = new ArrayDeque<>();

    /**
     * For a fleet that moves to one server.
     *
     * @param targetPort tells the target from the source
     */
    public Panel(int targetPort) {
        this.targetPort = targetPort;
    }

    /** The panel, as wide as the terminal. */
    public List<Line> lines(String phase, double seconds, Recorder.Now now, Terminal terminal) {
        int room = Math.max(10, terminal.columns() - LABEL - 2);
        remember(throughput, now.statementsPerSecond(), room);
        remember(longest, now.latency().maximum(), room);
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(""));
        lines.add(new Line()
                .add(String.format(Locale.ROOT, "%5.1f s  ", seconds), Style.BOLD)
                .add(phase, Style.BOLD));
        lines.add(
                Line.of(label(now.unit() + "/s") + now.statementsPerSecond() + "   in all " + now.statements() + "   ")
                        .add("failed " + now.failed(), now.failed() == 0 ? Style.GOOD : Style.BAD));
        lines.add(new Line().add(label("") + curve(throughput, terminal), Style.TARGET));
        lines.add(Line.of(label("latency ms") + latency(now.latency())));
        lines.add(new Line().add(label("longest") + curve(longest, terminal), Style.DIM));
        now.instances().forEach((name, instance) -> lines.add(instance(name, instance)));
        return lines;
    }

    /** The same in one line. */
    public String plain(double seconds, Recorder.Now now) {
        long moved = now.instances().values().stream()
                .filter(instance -> instance.port() == targetPort)
                .count();
        return String.format(
                Locale.ROOT,
                "%6.1f s  %4d %s/s  failed %d  latency ms %s  on old %d, on new %d",
                seconds,
                now.statementsPerSecond(),
                now.unit(),
                now.failed(),
                latency(now.latency()),
                now.instances().size() - moved,
                moved);
    }

    private Line instance(String name, Recorder.Instance instance) {
        boolean moved = instance.port() == targetPort;
        return Line.of(label(name))
                .add(moved ? "    new " : "old     ", moved ? Style.TARGET : Style.SOURCE)
                .add(String.format(
                        Locale.ROOT,
                        " version %-3d %-9s %4d/s",
                        instance.version(),
                        instance.state().toLowerCase(Locale.ROOT),
                        instance.perSecond()));
    }

    private static String label(String text) {
        return String.format(Locale.ROOT, "%-" + LABEL + "s", text);
    }

    private static String latency(Percentiles micros) {
        return "p50 " + millis(micros.at(50)) + "  p99 " + millis(micros.at(99)) + "  max " + millis(micros.maximum());
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f", micros / 1_000.0);
    }

    private static void remember(Deque<Long> values, long value, int room) {
        values.add(value);
        while (values.size() > room) {
            values.removeFirst();
        }
    }

    private static String curve(Deque<Long> values, Terminal terminal) {
        String blocks = terminal.unicode() ? BLOCKS : ASCII_BLOCKS;
        long top = Math.max(1, values.stream().mapToLong(Long::longValue).max().orElse(1));
        StringBuilder curve = new StringBuilder();
        for (long value : values) {
            curve.append(blocks.charAt((int) Math.min(blocks.length() - 1L, value * blocks.length() / top)));
        }
        return curve.toString();
    }
}
