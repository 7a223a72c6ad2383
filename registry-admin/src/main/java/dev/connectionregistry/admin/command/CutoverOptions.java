package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunTimes;
import dev.connectionregistry.admin.cutover.server.FenceKind;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a new cutover is to be carried out. */
final class CutoverOptions {
    @Option(
            names = "--fence",
            paramLabel = "KIND",
            description = "how the old server is kept from taking writes: read-only (default) or no-login")
    private String fence = "read-only";

    @Mixin
    private final RepeatedOptionsMixin repeated = new RepeatedOptionsMixin();

    @Option(
            names = "--verify-table",
            paramLabel = "T",
            description =
                    "count this table's rows on both servers during the hold; written as in SQL, so quoted where SQL"
                            + " needs quotes; may be repeated")
    private List<String> verifyTables = new ArrayList<>();

    @Option(
            names = "--skip-count",
            paramLabel = "T",
            description = "don't compare this table's rows; without it all small tables are counted in the hold; may be"
                    + " repeated")
    private List<String> uncounted = new ArrayList<>();

    @Option(
            names = "--hold-budget",
            paramLabel = "D",
            description = "the longest time that callers wait, 100ms to 1m (default 5s); then everything is undone")
    private Duration holdBudget = RunTimes.BUDGET;

    @Option(
            names = "--grace",
            paramLabel = "D",
            description = "how much of it is given to transactions that are under way (default: half)")
    private Optional<Duration> grace = Optional.empty();

    @Option(
            names = "--poll-interval",
            paramLabel = "D",
            description = "the poll interval meanwhile, 50ms to 200ms (default 100ms)")
    private Duration pollInterval = RunTimes.POLL;

    @Option(
            names = "--prepare-timeout",
            paramLabel = "D",
            description = "how long everyone may take to open a pool for the target (default 1m)")
    private Duration prepareTimeout = RunTimes.PREPARE;

    @Option(names = "--no-signals", description = "send no hints over the new server; slower, with the same outcome")
    private boolean noSignals;

    RunOptions options(AdminOptions admins) {
        RepeatedOptions chosen = repeated.options();
        return new RunOptions(
                fence(),
                chosen.exemptRoles(),
                chosen.barrier(),
                chosen.sequenceMargin(),
                verifyTables,
                chosen.reverseSlot(),
                new RunTimes(
                        holdBudget,
                        grace.orElseGet(() -> RunTimes.usualGrace(holdBudget)),
                        pollInterval,
                        prepareTimeout,
                        RunTimes.PATIENCE),
                chosen.cancelStragglers(),
                chosen.without(),
                !noSignals,
                admins.onOld(),
                admins.onNew(),
                uncounted);
    }

    private FenceKind fence() {
        for (FenceKind kind : FenceKind.values()) {
            if (kind.toString().equals(fence)) {
                return kind;
            }
        }
        throw new InvalidSettingsException("--fence is '" + fence + "'; write read-only or no-login");
    }
}
