package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.Timeline;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * All that the HTML report shows.
 *
 * @param title what was done
 * @param source what the fleet was moved from
 * @param target what it was moved to
 * @param verdict what it came to
 * @param timeline the load
 * @param measuredFromMicros when the warm-up was over
 * @param writeMicros when the endpoint was written; empty if it never was
 * @param moves when each instance moved
 * @param commands what the operator typed
 * @param figures further lines for the summary, name and value
 * @param hold a cutover's hold; empty for a plain move, and if there was none
 * @param back how the fleet came back to the source; empty if it didn't
 */
public record Report(
        String title,
        String source,
        String target,
        Verdict verdict,
        Timeline timeline,
        long measuredFromMicros,
        Optional<Long> writeMicros,
        Moves moves,
        List<Span> commands,
        List<Figure> figures,
        Optional<HoldView> hold,
        Optional<WayBack> back) {
    /** How long a slice of its timeline is. */
    public static final long SLICE_MICROS = 100_000;

    /**
     * A line of the summary.
     *
     * @param name what it is
     * @param value how much
     */
    public record Figure(String name, String value) {}

    /**
     * The fleet's way back.
     *
     * @param writeMicros when the old endpoint was written again
     * @param moves when each instance came back
     */
    public record WayBack(long writeMicros, Moves moves) {}

    /** Copies the lists. */
    public Report {
        commands = List.copyOf(commands);
        figures = List.copyOf(figures);
    }

    /** When the timeline ends. */
    public long endMicros() {
        return timeline.startMicros()
                + timeline.sliceMicros() * timeline.slices().size();
    }
}
