package dev.connectionregistry.benchmarks.hotpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The table and the last line. */
final class Report {
    private final Map<Integer, Map<Variant, Measured>> byThreads;

    Report(Map<Integer, Map<Variant, Measured>> byThreads) {
        this.byThreads = byThreads;
    }

    /** Wall or CPU time, whichever spreads less here; decided on both variants together. */
    private enum Clock {
        WALL,
        CPU;

        static Clock steadier(Map<Variant, Measured> measured) {
            return WALL.spread(measured) <= CPU.spread(measured) ? WALL : CPU;
        }

        private double spread(Map<Variant, Measured> measured) {
            return measured.values().stream()
                    .mapToDouble(each -> of(each).spread())
                    .max()
                    .orElseThrow();
        }

        Series of(Measured measured) {
            return this == WALL ? measured.wall() : measured.cpu();
        }
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                "%7s  %-18s  %26s  %26s  %8s",
                "threads", "variant", "wall ns/op (middle half)", "CPU ns/op (middle half)", "bytes/op"));
        byThreads.forEach((threads, measured) -> measured.forEach((variant, each) -> lines.add(format(
                "%7d  %-18s  %26s  %26s  %8.1f",
                threads,
                variant.title(),
                withSpread(each.wall()),
                withSpread(each.cpu()),
                each.bytes().median()))));
        byThreads.forEach((threads, measured) -> lines.add(format(
                "%d thread(s): wall %.3f, CPU %.3f of HikariCP alone; the ratio below is of %s time, which spread less",
                threads,
                ratio(Clock.WALL, measured),
                ratio(Clock.CPU, measured),
                Clock.steadier(measured) == Clock.WALL ? "wall" : "CPU")));
        lines.add(format("ratio t1=%.2f t8=%.2f bytes=%d", ratio(1), ratio(8), extraBytes()));
        return lines;
    }

    /** What is above {@code limit}, or nothing. Judges what is printed: two decimals. */
    Optional<String> above(double limit) {
        double worst = Math.max(ratio(1), ratio(8));
        return Math.round(worst * 100) > Math.round(limit * 100) || extraBytes() > 0
                ? Optional.of(format(
                        "above the limit: %.2f (at most %.2f), %d extra bytes (none)", worst, limit, extraBytes()))
                : Optional.empty();
    }

    private double ratio(int threads) {
        Map<Variant, Measured> measured = at(threads);
        return ratio(Clock.steadier(measured), measured);
    }

    private static double ratio(Clock clock, Map<Variant, Measured> measured) {
        return clock.of(get(measured, Variant.REGISTRY)).median()
                / clock.of(get(measured, Variant.HIKARI)).median();
    }

    /** Of the numbers of threads, the one with more. */
    private long extraBytes() {
        return byThreads.values().stream()
                .mapToLong(measured ->
                        Math.round(get(measured, Variant.REGISTRY).bytes().median()
                                - get(measured, Variant.HIKARI).bytes().median()))
                .max()
                .orElseThrow();
    }

    private Map<Variant, Measured> at(int threads) {
        return Objects.requireNonNull(byThreads.get(threads));
    }

    private static Measured get(Map<Variant, Measured> measured, Variant variant) {
        return Objects.requireNonNull(measured.get(variant));
    }

    private static String withSpread(Series series) {
        return format("%.1f (%.1f to %.1f)", series.median(), series.quantile(0.25), series.quantile(0.75));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
