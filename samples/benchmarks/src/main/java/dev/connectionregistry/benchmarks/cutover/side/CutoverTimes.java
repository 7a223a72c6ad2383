package dev.connectionregistry.benchmarks.cutover.side;

import java.util.List;

/**
 * Where the time of one cutover went.
 *
 * @param holdMillis how long new statements were held back
 * @param steps in order
 * @param holdParts where callers' longest possible wait went: one after the other, without a gap; empty where nobody looked
 */
public record CutoverTimes(double holdMillis, List<Step> steps, List<Step> holdParts) {
    /** Without a look at the parts of the hold. */
    public CutoverTimes(double holdMillis, List<Step> steps) {
        this(holdMillis, steps, List.of());
    }

    /** With the parts of the hold. */
    public CutoverTimes withHoldParts(List<Step> parts) {
        return new CutoverTimes(holdMillis, steps, parts);
    }

    /**
     * A part of it.
     *
     * @param name what is done
     * @param startedMillis after the beginning of the cutover
     * @param tookMillis how long it took
     */
    public record Step(String name, double startedMillis, double tookMillis) {}
}
