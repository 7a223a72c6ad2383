package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.status.ReplicationWatch;
import dev.connectionregistry.admin.replication.status.ReplicationWatch.StatusOptions;
import dev.connectionregistry.admin.replication.status.StatusReport;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the state of replication. */
@Command(
        name = "status",
        description = {
            "Shows the state of replication, what is wrong with it, and what to do about that.",
            "",
            "Shows each subscription with its worker, slot, lag and errors, each table's state, and the tables that"
                    + " aren't replicated. Changes nothing. If a worker may be failing, it takes seven seconds, because"
                    + " a single check doesn't show that.",
            "Works with any role; only with pg_read_all_stats does a server show the target's delay and the progress of"
                    + " copies."
        },
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 healthy; 1 not, or a server can't be asked; 2 usage. Healthy: every subscription is enabled and at",
            "work without errors, every table follows, every table is replicated, no slot is forgotten, and lag and delay are",
            "within --max-lag and --max-delay. --watch always ends with 0.",
            "",
            "Examples:",
            "  registry-admin replication status orders --target db2:5432",
            "  registry-admin replication status orders --target db2:5432 --watch",
            "  registry-admin replication status orders --target db2:5432 \\",
            "      -o json --max-lag 1MB"
        })
final class ReplicationStatusCommand implements Runnable {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    @Mixin
    private final PairOptions servers = new PairOptions();

    @Option(
            names = {"-w", "--watch"},
            description = "keep showing it until Ctrl-C")
    private boolean watch;

    @Option(names = "--interval", paramLabel = "D", description = "how often with --watch (1s)")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--all", description = "show each table, however many there are")
    private boolean all;

    @Option(
            names = "--except",
            paramLabel = "TABLE",
            description = "a table that is left out of replication on purpose; may be repeated")
    private List<String> except = List.of();

    @Option(names = "--max-lag", paramLabel = "SIZE", description = "the largest healthy lag (64MB)")
    private String maxLag = "64MB";

    @Option(names = "--max-delay", paramLabel = "D", description = "the longest healthy delay (30s)")
    private Duration maxDelay = Duration.ofSeconds(30);

    private final EachPair each;
    private final ReplicationWatch replication;
    private final Console console;
    private final LiveScreen screen;
    private List<String> known = List.of();

    @Inject
    ReplicationStatusCommand(EachPair each, ReplicationWatch replication, Console console) {
        this.each = each;
        this.replication = replication;
        this.console = console;
        this.screen = new LiveScreen(console.out(), console.terminal().rows());
    }

    @Override
    public void run() {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new InvalidSettingsException("--interval is below 100ms, the shortest that makes sense");
        }
        StatusOptions options = new StatusOptions(except, ByteSize.parse(maxLag).bytes(), maxDelay);
        servers.requireOneFor("--watch", watch, "watch each with replication status DB");
        if (watch) {
            replication.watch(each.one(servers), options, interval, this::live, this::outage, () -> !console.out()
                    .checkError());
            screen.finish();
        } else {
            each.run(servers, pair -> once(replication.once(pair, options, console::say)));
        }
    }

    private Answer once(StatusReport report) {
        return new Answer(
                () -> CheckDocuments.status(report),
                () -> ReplicationStatusText.lines(report, all, console.outputWidth(), console.coloredOutput()),
                () -> requireHealthy(report));
    }

    private static void requireHealthy(StatusReport report) {
        if (!report.healthy()) {
            List<Problem> bad = report.problems().stream().filter(Problem::bad).toList();
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    "replication of " + report.pair().database() + " isn't healthy: "
                            + bad.get(0).what()
                            + (bad.size() > 1 ? ", and " + (bad.size() - 1) + " more" : ""),
                    bad.get(0).remedy());
        }
    }

    private void live(StatusReport report) {
        if (console.json()) {
            console.print(Json.line(CheckDocuments.status(report)));
        } else if (console.terminal().redrawsOutput()) {
            screen.show(picture(report));
        } else {
            List<String> now = ReplicationStatusText.events(report);
            now.stream().filter(each -> !known.contains(each)).forEach(console::print);
            known = now;
        }
    }

    private List<String> picture(StatusReport report) {
        return ReplicationStatusText.picture(report, all, console.terminal().columns() - 1, console.coloredOutput());
    }

    private void outage(String problem) {
        Optional<String> line = Optional.of(TextTable.printable("can't be asked now: " + problem));
        if (console.terminal().redrawsOutput() && !console.json()) {
            screen.show(TextTable.wrap(line.get(), console.terminal().columns() - 1));
        } else {
            console.warn(line.get());
        }
    }
}
