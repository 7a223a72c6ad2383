package dev.connectionregistry.samples.fleet.show;

import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Writes a {@link Report} as one HTML file that needs nothing else. */
public final class HtmlReport {
    private HtmlReport() {}

    /**
     * Writes the file, and its folder if that is missing.
     *
     * @throws DemoException if it cannot be written
     */
    public static void write(Report report, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, html(report));
        } catch (IOException e) {
            throw new DemoException("cannot write the report " + file, e);
        }
    }

    static String html(Report report) {
        Charts charts = new Charts(report);
        return resource("report.html")
                .replace("{style}", resource("report.css"))
                .replace("{title}", Svg.escape(report.title()))
                .replace("{old}", Svg.escape(report.source()))
                .replace("{new}", Svg.escape(report.target()))
                .replace("{verdict}", verdict(report.verdict()))
                .replace("{tiles}", tiles(report.verdict()))
                .replace("{hold}", report.hold().map(HtmlReport::hold).orElse(""))
                .replace("{load}", charts.load())
                .replace("{latency}", charts.latency())
                .replace("{instances}", charts.instances())
                .replace("{commands}", commands(report))
                .replace("{figures}", figures(report));
    }

    private static String hold(HoldView hold) {
        HoldCharts charts = new HoldCharts(hold);
        return resource("hold.html")
                .replace("{steps}", charts.steps())
                .replace("{states}", charts.instances())
                .replace("{holdLatency}", charts.latency());
    }

    private static String verdict(Verdict verdict) {
        boolean order = verdict.cutover().isPresent()
                || verdict.upgrade().flatMap(UpgradeFacts::writes).isPresent();
        return verdict.passed()
                ? "<p class=\"verdict pass\">PASS: no error, no lost row, every instance moved in time"
                        + (order ? ", never two servers written to at once" : "") + "</p>"
                : "<p class=\"verdict fail\">FAIL: " + Svg.escape(String.join("; ", verdict.faults())) + "</p>";
    }

    private static String tiles(Verdict verdict) {
        return tile(Figures.count(verdict.statements()), verdict.unit())
                + tile(Figures.count(verdict.failed()), "failed")
                + tile(
                        Figures.count(verdict.rows().lost()),
                        "of " + Figures.count(verdict.rows().acknowledged()) + " rows lost")
                + tile(Figures.millis(verdict.longestMicros()), "longest wait of a caller")
                + tile(
                        verdict.movedMicros() < 0 ? "never" : Figures.millis(verdict.movedMicros()),
                        "until all had moved")
                + verdict.cutover()
                        .map(facts -> tile(facts.holdMillis() < 0 ? "none" : facts.holdMillis() + " ms", "hold"))
                        .orElse("")
                + verdict.upgrade()
                        .map(facts -> tile(facts.there().holdMillis() + " ms", "hold there")
                                + tile(facts.back().holdMillis() + " ms", "hold back")
                                + tile(Integer.toString(facts.verifiedTables()), "tables equal"))
                        .orElse("");
    }

    private static String tile(String value, String name) {
        return "<div class=\"tile\"><b>" + value + "</b><span>" + Svg.escape(name) + "</span></div>";
    }

    private static String commands(Report report) {
        StringBuilder rows = new StringBuilder();
        long start = report.timeline().startMicros();
        for (Span command : report.commands()) {
            rows.append("<li><code>$ ")
                    .append(Svg.escape(command.label()))
                    .append("</code> <span>")
                    .append(
                            command.startMicros() < start
                                    ? "before the load"
                                    : "at " + TimeAxis.seconds(command.startMicros() - start))
                    .append(", took ")
                    .append(TimeAxis.seconds(command.endMicros() - command.startMicros()))
                    .append("</span></li>\n");
        }
        return rows.toString();
    }

    private static String figures(Report report) {
        StringBuilder rows = new StringBuilder();
        for (Report.Figure figure : report.figures()) {
            rows.append("<tr><th>")
                    .append(Svg.escape(figure.name()))
                    .append("</th><td>")
                    .append(Svg.escape(figure.value()))
                    .append("</td></tr>\n");
        }
        return rows.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DemoException("cannot read " + name, e);
        }
    }
}
