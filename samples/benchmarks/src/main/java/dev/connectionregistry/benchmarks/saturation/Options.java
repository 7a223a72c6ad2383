package dev.connectionregistry.benchmarks.saturation;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param threads callers in the part about CPU time
 * @param rounds how often each side is measured, in turn
 * @param settle how long callers run before they are measured
 * @param window how long they are measured
 */
record Options(int threads, int rounds, Duration settle, Duration window) {
    private static final int MOST_THREADS = 10_000;

    /**
     * Reads {@code [--quick] [--threads N]}.
     *
     * @throws IllegalArgumentException naming the argument that isn't understood or allowed
     */
    static Options parse(String... arguments) {
        Options options = new Options(2000, 5, Duration.ofSeconds(3), Duration.ofSeconds(5));
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--quick")) {
                options = new Options(options.threads, 2, Duration.ofSeconds(2), Duration.ofSeconds(3));
            } else if (arguments[i].equals("--threads") && i + 1 < arguments.length) {
                options = new Options(number(arguments[++i]), options.rounds, options.settle, options.window);
            } else {
                throw new IllegalArgumentException("'" + arguments[i] + "' is not understood");
            }
        }
        return options;
    }

    private static int number(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 100 && value <= MOST_THREADS) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("--threads is '" + text + "'; allowed are 100 to " + MOST_THREADS);
    }
}
