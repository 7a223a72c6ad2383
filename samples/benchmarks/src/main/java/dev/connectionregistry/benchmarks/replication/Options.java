package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.Arguments;

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
        Arguments left = new Arguments(arguments);
        while (left.hasNext()) {
            options = options.with(left.next(), left);
        }
        return options;
    }

    private Options with(String name, Arguments left) {
        return switch (name) {
            case "--megabytes" -> new Options(left.number(name, 1, LARGEST), rounds, sourceMajor, targetMajor);
            case "--rounds" -> new Options(megabytes, left.number(name, 1, MOST_ROUNDS), sourceMajor, targetMajor);
            case "--old-major" ->
                new Options(megabytes, rounds, left.number(name, LOWEST_MAJOR, HIGHEST_MAJOR), targetMajor);
            case "--new-major" ->
                new Options(megabytes, rounds, sourceMajor, left.number(name, LOWEST_MAJOR, HIGHEST_MAJOR));
            default -> throw Arguments.unknown(name);
        };
    }
}
