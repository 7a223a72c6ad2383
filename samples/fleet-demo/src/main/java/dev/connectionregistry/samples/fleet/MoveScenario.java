package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.RowCount;
import dev.connectionregistry.samples.fleet.measure.Timeline;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.Figures;
import dev.connectionregistry.samples.fleet.show.HtmlReport;
import dev.connectionregistry.samples.fleet.show.Line;
import dev.connectionregistry.samples.fleet.show.Report;
import dev.connectionregistry.samples.fleet.show.Span;
import dev.connectionregistry.samples.fleet.show.Style;
import dev.connectionregistry.samples.fleet.stage.EndpointWrite;
import dev.connectionregistry.samples.fleet.stage.Rows;
import dev.connectionregistry.samples.fleet.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The plain move: load, {@code set-endpoint} with a shortened interval, load, and the verdict from the data. For rows that
 * are only added: while instances move one after another, some write to the old server and some to the new one.
 */
final class MoveScenario {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration LEAST_BEFORE = Duration.ofSeconds(3);
    private static final Duration LEAST_AFTER = Duration.ofSeconds(2);
    private static final Duration SHORT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Demo demo;
    private final DemoOptions options;
    private final int newPort;

    MoveScenario(Demo demo, DemoOptions options) {
        this.demo = demo;
        this.options = options;
        this.newPort = demo.stage().newEndpoint().port();
    }

    /** Plays it; says whether the verdict is good. */
    boolean run() throws InterruptedException {
        demo.heading("Load");
        long measuredFrom;
        long failedCommands = 0;
        try (LiveView view = LiveView.start(demo)) {
            view.phase("warm-up");
            pause(WARM_UP);
            measuredFrom = demo.clock().micros();
            view.phase("before the move");
            pause(longer(options.measured().dividedBy(4), LEAST_BEFORE));
            view.phase("the move");
            failedCommands += command(
                    "set-endpoint",
                    Stage.DATABASE,
                    demo.stage().newEndpoint().toString(),
                    "--poll-interval",
                    SHORT_INTERVAL.toSeconds() + "s",
                    "--wait",
                    "--reason",
                    "demo");
            view.phase("after the move");
            failedCommands += command("status", Stage.DATABASE);
            long end = measuredFrom + options.measured().toNanos() / 1_000;
            pause(longer(Duration.ofNanos((end - demo.clock().micros()) * 1_000), LEAST_AFTER));
            view.phase("ending the load");
            demo.fleet().stop();
        }
        demo.heading("What the data says");
        demo.screen().line("  waiting until the new server has all of the old one's rows, and reading them");
        return judged(measuredFrom, failedCommands);
    }

    private long command(String... arguments) throws InterruptedException {
        return demo.shell().run(arguments).exitCode() == 0 ? 0 : 1;
    }

    private void pause(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            demo.fleet().checkAlive();
            Thread.sleep(Math.min(100, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private boolean judged(long measuredFrom, long failedCommands) {
        List<Done> work = demo.recorder().work();
        RowCount rows = RowCount.of(work, Rows.onNewServer(demo.stage()));
        Optional<Long> write = EndpointWrite.micros(demo.stage());
        Moves moves = Moves.of(demo.recorder().statuses(), newPort);
        Verdict verdict = Verdict.of(
                work,
                measuredFrom,
                rows,
                write.map(moves::lastAfter).orElse(-1L),
                SHORT_INTERVAL.plus(GRACE).toNanos() / 1_000,
                failedCommands);
        List<Report.Figure> figures = Figures.of(verdict, work, measuredFrom, newPort);
        for (Report.Figure figure : figures) {
            demo.screen().line(String.format(Locale.ROOT, "  %-58s %s", figure.name(), figure.value()));
        }
        Path file = options.report(demo.home(), "move");
        HtmlReport.write(report(verdict, work, measuredFrom, write, moves, figures), file);
        demo.screen().line("  report: " + file);
        tell(verdict);
        return verdict.passed();
    }

    private Report report(
            Verdict verdict,
            List<Done> work,
            long measuredFrom,
            Optional<Long> write,
            Moves moves,
            List<Report.Figure> figures) {
        long start = work.stream().mapToLong(Done::startMicros).min().orElse(measuredFrom);
        long end = work.stream().mapToLong(Done::endMicros).max().orElse(measuredFrom);
        List<Span> commands = demo.shell().commands().stream()
                .map(command -> new Span(command.line(), command.startMicros(), command.endMicros()))
                .toList();
        return new Report(
                "A fleet of " + moves.byInstance().size() + " moves to another Postgres under load",
                demo.stage().oldServer().toString(),
                demo.stage().newServer().toString(),
                verdict,
                Timeline.of(work, start, end - (end - start) % Timeline.SLICE_MICROS, newPort),
                measuredFrom,
                write,
                moves,
                commands,
                figures);
    }

    private void tell(Verdict verdict) {
        String failure = demo.recorder().now(demo.clock().micros()).firstFailure();
        if (!failure.isEmpty()) {
            demo.screen().line(new Line().add("  first failure: " + failure, Style.BAD));
        }
        verdict.faults().forEach(fault -> demo.screen().line(new Line().add("  " + fault, Style.BAD)));
        demo.screen().line("");
        demo.screen().line(verdict.line());
    }
}
