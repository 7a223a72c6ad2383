package dev.connectionregistry.benchmarks.cutover;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table and the last line. */
final class Report {
    private static final String NOT_MEASURED = "-";

    private final Map<Contender, Results> results;
    private final double directMicros;

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
        Map<String, Results> columns = new LinkedHashMap<>();
        results.forEach((contender, each) -> columns.put(contender.title(), each));
        return new Table(columns)
                .row(
                        String.format(Locale.ROOT, "added to a statement's %.0f us, us", directMicros),
                        each -> Table.spread(each.addedMicros()))
                .linesWith(lastLine());
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
}
