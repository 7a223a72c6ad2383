package dev.connectionregistry.samples.fleet.show;

import static dev.connectionregistry.samples.fleet.measure.Samples.NEW;
import static dev.connectionregistry.samples.fleet.measure.Samples.OLD;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static dev.connectionregistry.samples.fleet.measure.Samples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.RowCount;
import dev.connectionregistry.samples.fleet.measure.Timeline;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final List<Done> WORK =
            List.of(done(Work.INSERT, 0, 500, OLD), failed(Work.READ, 150_000, 20), done(Work.READ, 350_000, 900, NEW));

    private static String html(List<Done> work, Optional<Long> write, Optional<Long> moved) {
        Verdict verdict = Verdict.of(work, 0, RowCount.of(work, List.of()), moved.orElse(-1L), 2_000_000, 0);
        return HtmlReport.html(new Report(
                "A <move>",
                "old",
                "new",
                verdict,
                Timeline.of(work, 0, 400_000, Report.SLICE_MICROS, NEW),
                100_000,
                write,
                new Moves(Map.of("checkout/1", moved)),
                List.of(new Span("registry-admin set-endpoint \"x\"", 200_000, 300_000)),
                Figures.of(verdict, work, 0, NEW),
                Optional.empty()));
    }

    @Test
    void drawsWellFormedDrawingsForAnyOutcome() throws Exception {
        for (String html : List.of(
                html(WORK, Optional.of(200_000L), Optional.of(300_000L)),
                html(WORK, Optional.empty(), Optional.empty()),
                html(List.of(), Optional.empty(), Optional.empty()))) {
            Matcher drawing = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html);
            int drawings = 0;
            for (; drawing.find(); drawings++) {
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(drawing.group())));
                assertThat(drawing.group()).doesNotContain("NaN", "Infinity");
            }
            assertThat(drawings).isEqualTo(3);
        }
    }

    @Test
    void needsNothingFromOutsideAndEscapesWhatItShows() {
        String html = html(WORK, Optional.of(200_000L), Optional.of(300_000L));

        assertThat(html)
                .doesNotContain("src=", "url(", "<link", "@import", "<script")
                .doesNotContain("A <move>");
        assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
        assertThat(html).doesNotContainPattern("\\{[a-z]+}").contains("1 failed", "endpoint written");
    }

    @Test
    void cutsALineToTheTerminalsWidth() {
        Line line = Line.of("old ").add("new server", Style.NEW);

        assertThat(line.render(7, false)).isEqualTo("old new");
        assertThat(line.render(7, true)).isEqualTo("old \u001b[36mnew\u001b[0m");
    }
}
