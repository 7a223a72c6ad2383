package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.AdminOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunTimes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to execute a new cutover. */
final class CutoverOptions {
    @Mixin
    private final RepeatedOptionsMixin repeated = new RepeatedOptionsMixin();

    @Option(
            names = "--hold-budget",
            paramLabel = "D",
            description = "the longest time that callers wait, 100ms to 1m (default 5s); then everything is undone")
    private Duration holdBudget = RunTimes.BUDGET;

    @Option(
            names = "--grace",
            paramLabel = "D",
            description = "how much of the hold budget running transactions may use to finish (default: half)")
    private Optional<Duration> grace = Optional.empty();

    @Option(
            names = "--poll-interval",
            paramLabel = "D",
            description = "the poll interval during the cutover, 50ms to 5s (default 100ms, or 2ms for each live"
                    + " instance of the largest fleet). Above 200ms no instance holds before signals reach all of them")
    private Optional<Duration> pollInterval = Optional.empty();

    @Option(
            names = "--prepare-timeout",
            paramLabel = "D",
            description = "how long the instances may take to open a pool for the target (default 1m)")
    private Duration prepareTimeout = RunTimes.PREPARE;

    @Option(names = "--no-signals", description = "send no signals over the target; slower, with the same outcome")
    private boolean noSignals;

    /** @param instances returns the size of the largest fleet; called only if needed */
    RunOptions options(AdminOptions admins, IntSupplier instances) {
        return new RunOptions(
                repeated.options(),
                new RunTimes(
                        holdBudget,
                        grace.orElseGet(() -> RunTimes.usualGrace(holdBudget)),
                        pollInterval.orElseGet(() -> RunTimes.usualPoll(instances.getAsInt(), !noSignals)),
                        prepareTimeout,
                        RunTimes.PATIENCE),
                !noSignals,
                admins.onSource(),
                admins.onTarget());
    }
}
