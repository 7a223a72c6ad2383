package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one contender.
 *
 * @param rounds at least one
 * @param addedMicros block by block: its median latency less that of its neighbour without anything between; empty where
 *     nobody measured it
 */
public record Results(List<Round> rounds, List<Double> addedMicros) {
    /** Without that latency. */
    public static Results of(List<Round> rounds) {
        return new Results(rounds, List.of());
    }

    /** One value of each round. */
    List<Double> each(ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).boxed().toList();
    }

    /** The longest statement of each round, in milliseconds. */
    List<Double> longestMillis() {
        return each(round -> round.observed().latencies().longestMillis());
    }

    /** How long statements were held back in each round, in milliseconds. */
    public List<Double> holdMillis() {
        return each(round -> round.times().holdMillis());
    }

    /** A count, summed over all rounds. */
    int sum(ToDoubleFunction<Round> value) {
        return (int) rounds.stream().mapToDouble(value).sum();
    }

    /** All failed statements. */
    public int failed() {
        return sum(round -> round.observed().failed());
    }

    /** All acknowledged rows that are not there. */
    public int lost() {
        return sum(round -> round.rows().lost());
    }

    /** All rows too many. */
    public int doubled() {
        return sum(round -> round.rows().doubled());
    }

    /** The medians of each step over the rounds, in the order in which the steps first came. */
    List<Step> medianSteps() {
        Map<String, List<Step>> byName = new LinkedHashMap<>();
        rounds.forEach(round -> round.times().steps().forEach(step -> byName.computeIfAbsent(
                        step.name(), name -> new ArrayList<>())
                .add(step)));
        return byName.entrySet().stream()
                .map(entry -> median(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Where the hold went in the round whose hold was the median, or the lower of the two in the middle. */
    List<Step> medianHoldParts() {
        List<Round> sorted = rounds.stream()
                .sorted(Comparator.comparingDouble(round -> total(round.times().holdParts())))
                .toList();
        return sorted.get((sorted.size() - 1) / 2).times().holdParts();
    }

    /** How long parts took that follow each other. */
    static double total(List<Step> parts) {
        return parts.stream().mapToDouble(Step::tookMillis).sum();
    }

    private static Step median(String name, List<Step> steps) {
        return new Step(
                name,
                Median.of(steps.stream().map(Step::startedMillis).toList()),
                Median.of(steps.stream().map(Step::tookMillis).toList()));
    }
}
