package dev.connectionregistry.admin.cli.preflight;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Preflight;
import dev.connectionregistry.admin.preflight.PreflightReport;
import dev.connectionregistry.admin.preflight.PreflightRequest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks whether a database and its fleet are ready to move. */
@Command(
        name = "preflight",
        description = {
            "Checks both servers and the fleet, before, during and after replication, and reports what would go wrong"
                    + " in a move, with the statements that fix it. Changes nothing. A check that can't be made counts"
                    + " as failed.",
        },
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 nothing failed (warnings are for you to decide); 1 a check failed; 2 usage.",
            "",
            "Examples:",
            "  registry-admin preflight orders --target db2.internal:5432",
            "  registry-admin preflight --server db1:5432 --target db2:5432",
            "  registry-admin preflight orders --target db2.internal:5432 \\",
            "      --admin-username ops --admin-password-ref env:ADMIN_PASSWORD \\",
            "      --skip-check large-objects --output json"
        })
public final class PreflightCommand implements Runnable {
    @Mixin
    private final PairOptions pair = new PairOptions();

    @Option(
            names = "--skip-check",
            paramLabel = "NAME",
            completionCandidates = CheckNames.class,
            description = "skip this check; may be repeated (an unknown name lists all names)")
    private Set<String> skipped = new LinkedHashSet<>();

    @Option(
            names = "--check-timeout",
            paramLabel = "D",
            description = "how long one check may take, 100ms to 10m (default 10s)")
    private Duration checkTimeout = PreflightRequest.Limits.USUAL.check();

    @Option(
            names = "--long-transaction",
            paramLabel = "D",
            description = "warn of transactions on the source that are older (default 1m)")
    private Duration longTransaction = PreflightRequest.Limits.USUAL.longTransaction();

    private final Preflight preflight;
    private final EachPair each;
    private final Timing timing;
    private final CommandText commands;
    private final Console console;

    @Inject
    PreflightCommand(Preflight preflight, EachPair each, Timing timing, CommandText commands, Console console) {
        this.preflight = preflight;
        this.each = each;
        this.timing = timing;
        this.commands = commands;
        this.console = console;
    }

    @Override
    public void run() {
        preflight.requireKnown(skipped);
        PreflightRequest.Limits limits = new PreflightRequest.Limits(checkTimeout, longTransaction);
        timing.stopTakes(checkTimeout);
        each.run(pair, servers -> {
            PreflightReport report = preflight.look(
                    new PreflightRequest(servers, skipped, Set.of(), limits),
                    new PreflightProgressPrinter(console, timing::nanoTime));
            return new Answer(
                    () -> PreflightDocuments.report(report, commands),
                    () -> PreflightText.lines(report, commands, console.outputWidth(), console.coloredOutput()),
                    () -> requireNoFailure(report));
        });
    }

    private static void requireNoFailure(PreflightReport report) {
        int failed = report.of(Outcome.FAIL).size();
        int unknown = report.of(Outcome.UNKNOWN).size();
        if (failed > 0) {
            throw new OperationException(
                    Reason.FAILED,
                    failed + " of " + report.results().size() + " checks failed"
                            + (unknown == 0 ? "" : ", and " + unknown + " could not run because of that"),
                    "fix what is shown as FAIL, then run preflight again; to skip a check that you don't need, use"
                            + " --skip-check NAME");
        }
    }
}
