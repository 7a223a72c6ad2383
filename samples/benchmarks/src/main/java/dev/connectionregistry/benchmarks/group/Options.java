package dev.connectionregistry.benchmarks.group;

import dev.connectionregistry.benchmarks.cutover.Arguments;
import java.util.OptionalInt;

/**
 * What to measure.
 *
 * @param rounds cutovers of one name, and as many of the group
 * @param sourceMajor the source's major version; empty for the lowest there is
 * @param targetMajor the target's; empty for the highest there is
 * @param rate statements a second, all callers together
 */
record Options(int rounds, OptionalInt sourceMajor, OptionalInt targetMajor, int rate) {
    private static final int FULL_ROUNDS = 6;
    private static final int QUICK_ROUNDS = 2;
    private static final int MOST_ROUNDS = 100;
    private static final int LOWEST_RATE = 10;
    private static final int HIGHEST_RATE = 20_000;

    /** As in the benchmark of one name beside pgbouncer. */
    private static final int DEFAULT_RATE = 1_000;

    private static final Options DEFAULT =
            new Options(FULL_ROUNDS, OptionalInt.empty(), OptionalInt.empty(), DEFAULT_RATE);

    /**
     * Reads {@code [--quick] [--rounds N] [--old-major N] [--new-major N] [--rate N]}.
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
            case "--quick" -> new Options(QUICK_ROUNDS, sourceMajor, targetMajor, rate);
            case "--rounds" -> new Options(left.number(name, 1, MOST_ROUNDS), sourceMajor, targetMajor, rate);
            case "--old-major" -> new Options(rounds, left.major(name), targetMajor, rate);
            case "--new-major" -> new Options(rounds, sourceMajor, left.major(name), rate);
            case "--rate" ->
                new Options(rounds, sourceMajor, targetMajor, left.number(name, LOWEST_RATE, HIGHEST_RATE));
            default -> throw Arguments.unknown(name);
        };
    }
}
