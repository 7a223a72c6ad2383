package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.setup.StopPlan;
import dev.connectionregistry.admin.replication.setup.StopReplication;
import dev.connectionregistry.admin.replication.setup.StopReplication.StopRequest;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends replication on both servers. */
@Command(
        name = "stop",
        description = {
            "Ends the replication of a database on both servers, in either direction, also after a half-done start:"
                    + " drops subscriptions, slots (including those of tables being copied) and publications, but only"
                    + " those that start, reverse and cutover --reverse-slot made under their own names. The rows stay."
                    + " Safe to repeat.",
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  registry-admin replication stop orders --target db2.internal:5432 --dry-run",
            "  registry-admin replication stop orders --target db2.internal:5432 --yes",
            "  registry-admin replication stop orders --target db2.internal:5432 \\",
            "      --target-gone"
        })
public final class ReplicationStopCommand implements Runnable {
    @Mixin
    private final PairOptions pair = new PairOptions();

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask, even while changes flow or if the way back would be lost")
    private boolean yes;

    @Option(names = "--dry-run", description = "show what would be dropped, and drop nothing")
    private boolean dryRun;

    @Option(names = "--source-gone", description = "the source can't be reached: only clean up the target")
    private boolean sourceGone;

    @Option(names = "--target-gone", description = "the target can't be reached: only clean up the source")
    private boolean targetGone;

    private final EachPair each;
    private final StopReplication stop;
    private final Console console;

    @Inject
    ReplicationStopCommand(EachPair each, StopReplication stop, Console console) {
        this.each = each;
        this.stop = stop;
        this.console = console;
    }

    @Override
    public void run() {
        if (sourceGone && targetGone) {
            throw new InvalidSettingsException("with both servers gone there is nothing to stop");
        }
        ReplicationProgressPrinter talk = new ReplicationProgressPrinter(console);
        each.run(pair, servers -> {
            StopPlan plan = stop.run(new StopRequest(servers, gone()), talk, this::agrees);
            return new Answer(
                    () -> StopText.document(plan, dryRun), () -> StopText.lines(plan, dryRun, console.coloredOutput()));
        });
    }

    private Optional<Side> gone() {
        if (sourceGone) {
            return Optional.of(Side.SOURCE);
        }
        return targetGone ? Optional.of(Side.TARGET) : Optional.empty();
    }

    private boolean agrees(StopPlan plan) {
        if (dryRun) {
            return false;
        }
        if (yes || !plan.costs()) {
            return true;
        }
        if (!(console.terminal().input() && console.terminal().error())) {
            throw new InvalidSettingsException(plan.cost() + "; and there is no terminal to ask on: add --yes");
        }
        if (!confirmed(plan)) {
            throw new OperationException(
                    OperationException.Reason.NOT_CONFIRMED, "not stopped: everything stays as it is", "");
        }
        return true;
    }

    private boolean confirmed(StopPlan plan) {
        StopText.lines(plan, true, console.coloredError()).forEach(console::say);
        try {
            return console.confirm(plan.cost() + "; stop it?");
        } catch (IOException e) {
            throw new UncheckedIOException("the answer could not be read", e);
        }
    }
}
