package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.Arguments;
import java.util.OptionalInt;

/**
 * What to measure.
 *
 * @param megabytes about how large the table is
 * @param rounds copies each way
 * @param sourceMajor the source's major version; empty for the lowest there is
 * @param targetMajor the target's; empty for the highest there is
 */
record Options(int megabytes, int rounds, OptionalInt sourceMajor, OptionalInt targetMajor) {
    private static final int LARGEST = 100_000;
    private static final int MOST_ROUNDS = 100;

    /**
     * Reads {@code [--megabytes N] [--rounds N] [--old-major N] [--new-major N]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood or allowed
     */
    static Options parse(String... arguments) {
        Options options = new Options(200, 3, OptionalInt.empty(), OptionalInt.empty());
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
            case "--old-major" -> new Options(megabytes, rounds, left.major(name), targetMajor);
            case "--new-major" -> new Options(megabytes, rounds, sourceMajor, left.major(name));
            default -> throw Arguments.unknown(name);
        };
    }
}
