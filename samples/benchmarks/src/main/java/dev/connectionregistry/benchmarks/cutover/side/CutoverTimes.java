package dev.connectionregistry.benchmarks.cutover.side;

import java.util.List;

/**
 * Where the time of one cutover went.
 *
 * @param holdMillis how long new statements were held back
 * @param steps in order
 */
public record CutoverTimes(double holdMillis, List<Step> steps) {
    /**
     * A part of it.
     *
     * @param name what is done
     * @param startedMillis after the beginning of the cutover
     * @param tookMillis how long it took
     */
    public record Step(String name, double startedMillis, double tookMillis) {}
}
