package dev.connectionregistry.benchmarks.hotpath;

import java.util.Optional;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How much is measured.
 *
 * @param pairs for each number of threads, so many JVMs of each variant, in turn
 * @param limit above which ratio to fail, if at all
 */
record Plan(int pairs, int warmups, TimeValue warmup, int iterations, TimeValue iteration, Optional<Double> limit) {
    private static final Plan FULL =
            new Plan(14, 2, TimeValue.milliseconds(600), 6, TimeValue.milliseconds(300), Optional.empty());
    private static final Plan QUICK =
            new Plan(2, 1, TimeValue.milliseconds(400), 3, TimeValue.milliseconds(150), Optional.empty());

    /**
     * Reads {@code [--quick] [--check LIMIT]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood
     */
    static Plan parse(String... arguments) {
        Plan plan = FULL;
        Optional<Double> limit = Optional.empty();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--quick")) {
                plan = QUICK;
            } else if (arguments[i].equals("--check") && i + 1 < arguments.length) {
                limit = Optional.of(ratio(arguments[++i]));
            } else {
                throw new IllegalArgumentException("'" + arguments[i] + "' is not understood");
            }
        }
        return new Plan(plan.pairs, plan.warmups, plan.warmup, plan.iterations, plan.iteration, limit);
    }

    private static double ratio(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--check wants a ratio such as 1.03, not '" + text + "'", e);
        }
    }
}
