package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps;
import dev.connectionregistry.samples.fleet.measure.CutoverSteps.Step;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The moment for which callers waited, looked at closely.
 *
 * @param holdMicros when it began
 * @param releaseMicros when the switch was written, or the way back
 * @param steps what the command did from there until everyone was on the target
 * @param statuses what each instance said about itself, by name
 * @param targetPort tells the target from the source
 * @param timeline the load around it
 */
public record HoldView(
        long holdMicros,
        long releaseMicros,
        List<Step> steps,
        Map<String, List<Status>> statuses,
        int targetPort,
        Timeline timeline) {
    /** How long a slice of its timeline is. */
    public static final long SLICE_MICROS = 10_000;

    private static final long LEAST_MARGIN = 50_000;

    /** Copies lists and map. */
    public HoldView {
        steps = List.copyOf(steps);
        statuses = Map.copyOf(statuses);
    }

    /**
     * With a margin of a quarter on both sides; empty if the cutover didn't get that far.
     *
     * @param holdMillis how long callers waited, as the command says; negative if it didn't
     */
    public static Optional<HoldView> of(
            CutoverSteps cutover,
            long holdMillis,
            List<Done> work,
            Map<String, List<Status>> statuses,
            int targetPort) {
        List<Step> steps = cutover.holdAndRelease();
        return cutover.holdMicros(holdMillis).map(began -> {
            long ended = LongStream.concat(
                            steps.stream().mapToLong(Step::endMicros),
                            Moves.of(statuses, targetPort).byInstance().values().stream()
                                    .flatMap(Optional::stream)
                                    .mapToLong(Long::longValue))
                    .max()
                    .orElse(began);
            long margin = Math.max(LEAST_MARGIN, (ended - began) / 4) / SLICE_MICROS * SLICE_MICROS;
            Timeline around = Timeline.of(work, began - margin, ended + margin, SLICE_MICROS, targetPort);
            return new HoldView(began, cutover.releaseMicros().orElse(ended), steps, statuses, targetPort, around);
        });
    }

    /** When what is looked at ends. */
    public long endMicros() {
        return timeline.startMicros()
                + timeline.sliceMicros() * timeline.slices().size();
    }
}
