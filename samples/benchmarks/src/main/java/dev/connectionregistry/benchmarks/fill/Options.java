package dev.connectionregistry.benchmarks.fill;

import dev.connectionregistry.benchmarks.cutover.Arguments;
import java.util.List;
import java.util.OptionalInt;

/**
 * What to measure.
 *
 * @param sizes connections of the pools
 * @param rounds how often each side is measured, in turn
 * @param major the server's major version; empty for the highest there is
 */
record Options(List<Integer> sizes, int rounds, OptionalInt major) {
    /** The server takes 200, and the pools of both sides may overlap while one is closing. */
    private static final int LARGEST = 90;

    private static final int MOST_ROUNDS = 1000;

    /**
     * Reads {@code [--size N] [--rounds N] [--major N]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood or allowed
     */
    static Options parse(String... arguments) {
        Options options = new Options(List.of(10, 50), 10, OptionalInt.empty());
        Arguments left = new Arguments(arguments);
        while (left.hasNext()) {
            options = options.with(left.next(), left);
        }
        return options;
    }

    private Options with(String name, Arguments left) {
        return switch (name) {
            case "--size" -> new Options(List.of(left.number(name, 1, LARGEST)), rounds, major);
            case "--rounds" -> new Options(sizes, left.number(name, 1, MOST_ROUNDS), major);
            case "--major" -> new Options(sizes, rounds, left.major(name));
            default -> throw Arguments.unknown(name);
        };
    }
}
