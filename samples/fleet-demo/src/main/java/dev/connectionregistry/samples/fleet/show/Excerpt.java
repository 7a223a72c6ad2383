package dev.connectionregistry.samples.fleet.show;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which lines of a long output are shown. Each remembers what it has seen, so it is for one output; not thread-safe.
 */
public final class Excerpt {
    /** A check of preflight, or something below it. */
    private static final Pattern CHECK = Pattern.compile("  (PASS|NOT YET|SKIPPED|WARN|FAIL) .*");

    private static final Pattern GROUP = Pattern.compile("[A-Z]+");

    /** A line of the table that a cutover ends with, which says again what was said while it ran. */
    private static final Pattern STEP = Pattern.compile("STEP +AT .*|[a-z-]+ +\\d+ ms +\\d+ ms .*");

    private Excerpt() {}

    /** All of it. */
    public static Predicate<String> all() {
        return line -> true;
    }

    /**
     * Of preflight: what failed or is a warning, and the sum.
     *
     * @param also a check that is shown however it ends
     */
    public static Predicate<String> ofPreflight(String also) {
        return new Predicate<>() {
            private boolean wanted;

            @Override
            public boolean test(String line) {
                if (CHECK.matcher(line).matches()) {
                    wanted = line.startsWith("  FAIL") || line.startsWith("  WARN") || line.contains(" " + also + " ");
                } else if (!line.startsWith("   ")) {
                    wanted = !line.isBlank() && !GROUP.matcher(line).matches();
                }
                return wanted;
            }
        };
    }

    /** Of a cutover: all but the table at its end. */
    public static Predicate<String> ofCutover() {
        return line -> !STEP.matcher(line).matches();
    }
}
