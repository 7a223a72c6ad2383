package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table and the last line. */
final class Report {
    private static final String NOT_MEASURED = "-";

    private final Map<Contender, Results> results;
    private final double directMicros;
    private final List<String> lines = new ArrayList<>();

    /**
     * Of what was measured.
     *
     * @param directMicros the median latency with nothing between
     */
    Report(Map<Contender, Results> results, double directMicros) {
        this.results = results;
        this.directMicros = directMicros;
    }

    /** All of it; the last line is for programs. */
    List<String> lines() {
        lines.clear();
        line("", Contender::title);
        row("longest statement, ms (min/median/max)", each -> spread(each.longestMillis()));
        row("hold, ms (min/median/max)", each -> spread(each.holdMillis()));
        row(
                "timed statements",
                each -> String.valueOf(
                        each.sum(round -> round.observed().latencies().size())));
        row("failed statements", each -> String.valueOf(each.failed()));
        row(
                "acknowledged rows",
                each -> String.valueOf(
                        each.sum(round -> round.observed().acknowledged().size())));
        row("of them lost", each -> String.valueOf(each.lost()));
        row("doubled rows", each -> String.valueOf(each.doubled()));
        row(format("added to a statement's %.0f us, us", directMicros), each -> spread(each.addedMicros()));
        results.forEach(this::steps);
        results.forEach(this::holdParts);
        lines.add("");
        lines.add(lastLine());
        return List.copyOf(lines);
    }

    private void row(String title, Function<Results, String> value) {
        line(title, contender -> value.apply(Objects.requireNonNull(results.get(contender))));
    }

    private void line(String title, Function<Contender, String> value) {
        lines.add(format("%-42s", title)
                + results.keySet().stream()
                        .map(contender -> format("%24s", value.apply(contender)))
                        .collect(Collectors.joining()));
    }

    private void steps(Contender contender, Results each) {
        lines.add("");
        lines.add(format("%-42s%12s%12s", contender.title() + ": medians, ms", "started at", "took"));
        each.medianSteps()
                .forEach(step ->
                        lines.add(format("  %-40s%12.1f%12.1f", step.name(), step.startedMillis(), step.tookMillis())));
    }

    private void holdParts(Contender contender, Results each) {
        List<Step> parts = each.medianHoldParts();
        if (parts.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(format("%-42s%12s%12s", contender.title() + ": where the hold went, ms", "from", "took"));
        parts.forEach(
                part -> lines.add(format("  %-40s%12.1f%12.1f", part.name(), part.startedMillis(), part.tookMillis())));
        lines.add(format("  %-40s%12s%12.1f", "all of it, in the round of the median", "", Results.total(parts)));
    }

    private String lastLine() {
        return "cutover "
                + pair("ms", each -> Median.of(each.longestMillis())) + " "
                + pair("failed", each -> (double) each.failed()) + " "
                + pair("added_us", each -> Median.of(each.addedMicros()));
    }

    private String pair(String unit, Function<Results, Double> value) {
        return Contender.ALL.stream()
                .map(contender -> contender.word() + "_" + unit + "=" + number(contender, value))
                .collect(Collectors.joining(" "));
    }

    private String number(Contender contender, Function<Results, Double> value) {
        Results measured = results.get(contender);
        return measured == null ? NOT_MEASURED : String.valueOf(Math.round(value.apply(measured)));
    }

    private static String spread(List<Double> values) {
        return format("%.1f / %.1f / %.1f", Collections.min(values), Median.of(values), Collections.max(values));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
