package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.RowCount;
import dev.connectionregistry.samples.fleet.measure.Timeline;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.Figures;
import dev.connectionregistry.samples.fleet.show.HoldView;
import dev.connectionregistry.samples.fleet.show.HtmlReport;
import dev.connectionregistry.samples.fleet.show.Line;
import dev.connectionregistry.samples.fleet.show.Report;
import dev.connectionregistry.samples.fleet.show.Span;
import dev.connectionregistry.samples.fleet.show.Style;
import dev.connectionregistry.samples.fleet.stage.EndpointWrite;
import dev.connectionregistry.samples.fleet.stage.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the data says once the load has ended: figures, report, verdict.
 *
 * @param demo whose load has ended
 * @param work all of it
 * @param measuredFrom when the warm-up was over
 * @param failedCommands of the operator
 * @param write when the target was written into the registry; empty if it never was
 * @param moves when each instance moved
 */
record Findings(Demo demo, List<Done> work, long measuredFrom, long failedCommands, Optional<Long> write, Moves moves) {

    /** Of a load that has ended. */
    static Findings of(Demo demo, Load load) {
        demo.heading("What the data says");
        return new Findings(
                demo,
                demo.recorder().work(),
                load.measuredFrom(),
                load.failedCommands(),
                EndpointWrite.micros(demo.stage()),
                Moves.of(demo.recorder().statuses(), targetPort(demo)));
    }

    private static int targetPort(Demo demo) {
        return demo.stage().targetEndpoint().port();
    }

    /** The verdict on a plain move, from the rows that are on the target. */
    Verdict verdict(Duration allowed) {
        demo.screen().line("  waiting until the target has all of the source's rows, and reading them");
        return verdict(RowCount.of(work, Rows.onNewServer(demo.stage())), allowed);
    }

    /** The verdict from rows that were looked for already. */
    Verdict verdict(RowCount rows, Duration allowed) {
        long moved = write.map(moves::lastAfter).orElse(-1L);
        return Verdict.of(work, measuredFrom, rows, moved, allowed.toNanos() / 1_000, failedCommands);
    }

    /** Shows the figures, writes the report, and says the verdict as the last line. */
    void tell(Verdict verdict, String title, Optional<HoldView> hold, Path file) {
        tell(verdict, title, hold, Optional.empty(), file);
    }

    /** The same of a fleet that came back. */
    void tell(Verdict verdict, String title, Optional<HoldView> hold, Optional<Report.WayBack> back, Path file) {
        List<Report.Figure> figures = Figures.of(verdict, work, measuredFrom, targetPort(demo));
        for (Report.Figure figure : figures) {
            demo.screen().line(String.format(Locale.ROOT, "  %-58s %s", figure.name(), figure.value()));
        }
        HtmlReport.write(report(verdict, title, hold, back, figures), file);
        demo.screen().line("  report: " + file);
        String failure = demo.recorder().now(demo.clock().micros()).firstFailure();
        if (!failure.isEmpty()) {
            demo.screen().line(new Line().add("  first failure: " + failure, Style.BAD));
        }
        verdict.faults().forEach(fault -> demo.screen().line(new Line().add("  " + fault, Style.BAD)));
        demo.screen().line("");
        demo.screen().line(verdict.line());
    }

    private Report report(
            Verdict verdict,
            String title,
            Optional<HoldView> hold,
            Optional<Report.WayBack> back,
            List<Report.Figure> figures) {
        long start = work.stream().mapToLong(Done::startMicros).min().orElse(measuredFrom);
        long end = work.stream().mapToLong(Done::endMicros).max().orElse(measuredFrom);
        long slice = Report.SLICE_MICROS;
        List<Span> commands = demo.shell().commands().stream()
                .map(command -> new Span(command.line(), command.startMicros(), command.endMicros()))
                .toList();
        return new Report(
                title,
                demo.stage().source().toString(),
                demo.stage().target().toString(),
                verdict,
                Timeline.of(work, start, end - (end - start) % slice, slice, targetPort(demo)),
                measuredFrom,
                write,
                moves,
                commands,
                figures,
                hold,
                back);
    }
}
