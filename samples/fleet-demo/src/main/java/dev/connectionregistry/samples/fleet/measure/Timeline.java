package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import java.util.ArrayList;
import java.util.List;

/**
 * All work, in slices of time by its end.
 *
 * @param startMicros when the first slice begins
 * @param sliceMicros how long a slice is
 * @param slices without gaps
 */
public record Timeline(long startMicros, long sliceMicros, List<Slice> slices) {

    /**
     * What ended in one slice.
     *
     * @param onSource acknowledged statements on the source
     * @param onTarget acknowledged statements on the target
     * @param failed pieces of work that failed, wherever
     * @param latency micros of each piece of work
     */
    public record Slice(int onSource, int onTarget, int failed, Percentiles latency) {}

    /** Copies the slices. */
    public Timeline {
        slices = List.copyOf(slices);
    }

    /**
     * Sorts work into slices; what ended before the first or after the last one is left out.
     *
     * @param sliceMicros how long a slice is
     * @param targetPort tells the target from the source
     */
    public static Timeline of(List<Done> work, long startMicros, long endMicros, long sliceMicros, int targetPort) {
        int count = (int) Math.max(1, (endMicros - startMicros + sliceMicros - 1) / sliceMicros);
        List<List<Done>> sorted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sorted.add(new ArrayList<>());
        }
        for (Done done : work) {
            long index = Math.floorDiv(done.endMicros() - startMicros, sliceMicros);
            if (index >= 0 && index < count) {
                sorted.get((int) index).add(done);
            }
        }
        return new Timeline(
                startMicros,
                sliceMicros,
                sorted.stream().map(each -> slice(each, targetPort)).toList());
    }

    /** The time in the middle of a slice. */
    public long middleMicros(int slice) {
        return startMicros + sliceMicros * slice + sliceMicros / 2;
    }

    private static Slice slice(List<Done> work, int targetPort) {
        int onSource = 0;
        int onTarget = 0;
        int failed = 0;
        for (Done done : work) {
            if (done.failed()) {
                failed++;
            } else if (done.port() == targetPort) {
                onTarget += done.work().statements();
            } else {
                onSource += done.work().statements();
            }
        }
        return new Slice(
                onSource, onTarget, failed, Percentiles.of(work.stream().mapToLong(Done::micros)));
    }
}
