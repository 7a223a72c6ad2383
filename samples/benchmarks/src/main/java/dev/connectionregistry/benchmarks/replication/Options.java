package dev.connectionregistry.benchmarks.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What to measure.
 *
 * @param megabytes about how large the table is
 * @param rounds copies each way
 * @param sourceMajor the source's major version; 0 for the lowest there is
 * @param targetMajor the target's; 0 for the highest there is
 */
record Options(int megabytes, int rounds, int sourceMajor, int targetMajor) {
    private static final int LARGEST = 100_000;
    private static final int MOST_ROUNDS = 100;
    private static final int LOWEST_MAJOR = 11;
    private static final int HIGHEST_MAJOR = 99;

    /**
     * Reads {@code [--megabytes N] [--rounds N] [--old-major N] [--new-major N]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood or allowed
     */
    static Options parse(String... arguments) {
        Options options = new Options(200, 3, 0, 0);
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        while (!left.isEmpty()) {
            options = options.with(left.remove(), left);
        }
        return options;
    }

    private Options with(String name, Deque<String> left) {
        return switch (name) {
            case "--megabytes" -> new Options(number(name, left, 1, LARGEST), rounds, sourceMajor, targetMajor);
            case "--rounds" -> new Options(megabytes, number(name, left, 1, MOST_ROUNDS), sourceMajor, targetMajor);
            case "--old-major" ->
                new Options(megabytes, rounds, number(name, left, LOWEST_MAJOR, HIGHEST_MAJOR), targetMajor);
            case "--new-major" ->
                new Options(megabytes, rounds, sourceMajor, number(name, left, LOWEST_MAJOR, HIGHEST_MAJOR));
            default -> throw new IllegalArgumentException("'" + name + "' is not understood");
        };
    }

    private static int number(String name, Deque<String> left, int least, int most) {
        String text = left.isEmpty() ? "" : left.remove();
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(name + " is '" + text + "'; allowed are " + least + " to " + most);
    }
}
