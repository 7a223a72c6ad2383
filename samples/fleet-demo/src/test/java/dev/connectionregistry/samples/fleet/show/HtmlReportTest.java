package dev.connectionregistry.samples.fleet.show;

import static dev.connectionregistry.samples.fleet.measure.Samples.SOURCE;
import static dev.connectionregistry.samples.fleet.measure.Samples.TARGET;
import static dev.connectionregistry.samples.fleet.measure.Samples.cutover;
import static dev.connectionregistry.samples.fleet.measure.Samples.done;
import static dev.connectionregistry.samples.fleet.measure.Samples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.CutoverFacts.Commits;
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
    private static final List<Done> WORK = List.of(
            done(Work.INSERT, 0, 500, SOURCE), failed(Work.READ, 150_000, 20), done(Work.READ, 350_000, 900, TARGET));

    private static String html(List<Done> work, Optional<Long> write, Optional<Long> moved) {
        return html(work, write, moved, Optional.empty());
    }

    private static String html(List<Done> work, Optional<Long> write, Optional<Long> moved, Optional<HoldView> hold) {
        Verdict move = Verdict.of(work, 0, RowCount.of(work, List.of()), moved.orElse(-1L), 2_000_000, 0);
        Verdict verdict =
                hold.isEmpty() ? move : move.with(cutover(84, 200_000, new Commits(1, 2, 0), "25006 <", 1_000));
        return HtmlReport.html(new Report(
                "A <move>",
                "old",
                "new",
                verdict,
                Timeline.of(work, 0, 400_000, Report.SLICE_MICROS, TARGET),
                100_000,
                write,
                new Moves(Map.of("checkout/1", moved)),
                List.of(new Span("registry-admin set-endpoint \"x\"", 200_000, 300_000)),
                Figures.of(verdict, work, 0, TARGET),
                hold,
                Optional.empty()));
    }

    @Test
    void drawsWellFormedDrawingsForAnyOutcome() throws Exception {
        for (String html : List.of(
                html(WORK, Optional.of(200_000L), Optional.of(300_000L)),
                html(WORK, Optional.empty(), Optional.empty()),
                html(List.of(), Optional.empty(), Optional.empty()))) {
            assertThat(drawings(html)).isEqualTo(3);
        }
    }

    /** How many there are; each must be well-formed. */
    private static int drawings(String html) throws Exception {
        Matcher drawing = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html);
        int drawings = 0;
        for (; drawing.find(); drawings++) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(drawing.group())));
            assertThat(drawing.group()).doesNotContain("NaN", "Infinity");
        }
        return drawings;
    }

    @Test
    void showsTheHoldOfACutoverBesides() throws Exception {
        String html = html(WORK, Optional.of(200_000L), Optional.of(300_000L), Optional.of(HoldViewTest.sample()));

        assertThat(drawings(html)).isEqualTo(6);
        assertThat(html).contains("The hold", "Instances in the hold", "<b>84 ms</b><span>hold</span>", "25006 &lt;");
        assertThat(html).doesNotContainPattern("\\{[a-zA-Z]+}");
        assertThat(html(WORK, Optional.empty(), Optional.empty())).doesNotContain("The hold");
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
        Line line = Line.of("old ").add("newest", Style.TARGET);

        assertThat(line.render(7, false)).isEqualTo("old new");
        assertThat(line.render(7, true)).isEqualTo("old \u001b[36mnew\u001b[0m");
    }
}
