package dev.connectionregistry.benchmarks.fleet;

import dev.connectionregistry.benchmarks.cutover.Arguments;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param instances the sizes of the fleets, one after the other
 * @param processes how many processes the instances of a fleet share
 * @param poolSize connections of each instance's pool
 * @param rate statements a second, all instances together
 * @param sourceMajor the source's major version; empty for the lowest there is
 * @param targetMajor the target's; empty for the highest there is
 */
record Options(
        List<Integer> instances,
        int processes,
        int poolSize,
        int rate,
        OptionalInt sourceMajor,
        OptionalInt targetMajor) {
    private static final List<Integer> FULL = List.of(3, 50, 150, 300);
    private static final List<Integer> QUICK = List.of(3, 50);
    private static final int MOST_SIZES = 10;
    private static final int MOST_INSTANCES = 1_000;
    private static final int MOST_PROCESSES = 16;
    private static final int LARGEST_POOL = 10;
    private static final int LOWEST_RATE = 10;
    private static final int HIGHEST_RATE = 5_000;

    /** Dense enough that in every hold some callers wait for nearly all of it. */
    private static final int DEFAULT_RATE = 300;

    private static final Options DEFAULT =
            new Options(FULL, 3, 1, DEFAULT_RATE, OptionalInt.empty(), OptionalInt.empty());

    /**
     * Reads {@code [--quick] [--instances N,N...] [--processes N] [--pool N] [--rate N] [--old-major N] [--new-major N]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood or allowed
     */
    static Options parse(String... arguments) {
        Options options = DEFAULT;
        Arguments left = new Arguments(arguments);
        while (left.hasNext()) {
            options = options.with(left.next(), left);
        }
        return options;
    }

    private Options with(String name, Arguments left) {
        return switch (name) {
            case "--quick" -> withInstances(QUICK);
            case "--instances" -> withInstances(sizes(name, left.value(name)));
            case "--processes" ->
                new Options(instances, left.number(name, 1, MOST_PROCESSES), poolSize, rate, sourceMajor, targetMajor);
            case "--pool" ->
                new Options(instances, processes, left.number(name, 1, LARGEST_POOL), rate, sourceMajor, targetMajor);
            case "--rate" ->
                new Options(
                        instances,
                        processes,
                        poolSize,
                        left.number(name, LOWEST_RATE, HIGHEST_RATE),
                        sourceMajor,
                        targetMajor);
            case "--old-major" -> new Options(instances, processes, poolSize, rate, left.major(name), targetMajor);
            case "--new-major" -> new Options(instances, processes, poolSize, rate, sourceMajor, left.major(name));
            default -> throw Arguments.unknown(name);
        };
    }

    private Options withInstances(List<Integer> sizes) {
        return new Options(sizes, processes, poolSize, rate, sourceMajor, targetMajor);
    }

    private static List<Integer> sizes(String name, String text) {
        List<Integer> sizes = Stream.of(text.split(",", -1))
                .map(each -> Arguments.number(name, each, 1, MOST_INSTANCES))
                .toList();
        if (sizes.size() > MOST_SIZES) {
            throw new IllegalArgumentException(
                    name + " has " + sizes.size() + " sizes; allowed are " + MOST_SIZES + " at most");
        }
        return sizes;
    }

    /** The size of the largest fleet. */
    int most() {
        return Collections.max(instances);
    }

    /**
     * How many connections each server must take: of every instance its pool, one for signals and one to spare, and those of the benchmark, of
     * the command and of replication.
     */
    int connections() {
        return most() * (poolSize + 2) + 100;
    }
}
