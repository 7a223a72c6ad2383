package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.side.CutoverTimes.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table of cutovers, with a column for each of those that are compared. For one thread. */
public final class Table {
    private final Map<String, Results> columns;
    private final List<String> lines = new ArrayList<>();

    /**
     * With the rows that every such table has.
     *
     * @param columns by their titles, in order
     */
    public Table(Map<String, Results> columns) {
        this.columns = columns;
        line("", columns.keySet().stream().toList());
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
    }

    /** Adds another row. */
    Table row(String title, Function<Results, String> value) {
        line(title, columns.values().stream().map(value).toList());
        return this;
    }

    /** All of it, with the steps and the parts of the hold, and a last line for programs. */
    public List<String> linesWith(String lastLine) {
        List<String> all = new ArrayList<>(lines);
        columns.forEach((title, each) -> all.addAll(steps(title, each)));
        columns.forEach((title, each) -> all.addAll(holdParts(title, each)));
        all.add("");
        all.add(lastLine);
        return List.copyOf(all);
    }

    private void line(String title, List<String> values) {
        lines.add(format("%-42s", title)
                + values.stream().map(value -> format("%24s", value)).collect(Collectors.joining()));
    }

    private static List<String> steps(String title, Results each) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(format("%-42s%12s%12s", title + ": medians, ms", "started at", "took"));
        each.medianSteps()
                .forEach(step ->
                        lines.add(format("  %-40s%12.1f%12.1f", step.name(), step.startedMillis(), step.tookMillis())));
        return lines;
    }

    private static List<String> holdParts(String title, Results each) {
        List<Step> parts = each.medianHoldParts();
        if (parts.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(format("%-42s%12s%12s", title + ": where the hold went, ms", "from", "took"));
        parts.forEach(
                part -> lines.add(format("  %-40s%12.1f%12.1f", part.name(), part.startedMillis(), part.tookMillis())));
        lines.add(format("  %-40s%12s%12.1f", "all of it, in the round of the median", "", Results.total(parts)));
        return lines;
    }

    static String spread(List<Double> values) {
        return format("%.1f / %.1f / %.1f", Collections.min(values), Median.of(values), Collections.max(values));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
