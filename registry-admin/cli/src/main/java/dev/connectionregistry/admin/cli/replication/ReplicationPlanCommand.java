package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.FileProblems;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.plan.PlanWriter;
import dev.connectionregistry.admin.replication.plan.Planner.PlanThresholds;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan;
import dev.connectionregistry.admin.replication.setup.PlanReplication;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans how each table is replicated. */
@Command(
        name = "plan",
        description = {
            "Examines every table of the source and plans how its rows get to the target: copied by the server, copied"
                    + " in slices, filled in later by you (backfill), or left out. Writes the plan to a file, which you"
                    + " may edit and which start follows. Changes nothing on the servers.",
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  registry-admin replication plan orders --target db2.internal:5432",
            "  registry-admin replication plan --server db1:5432 --target db2:5432",
            "  registry-admin replication plan orders --target db2.internal:5432 \\",
            "      --large-size 20GB --large-tuples 5000000 --file orders.yaml"
        })
public final class ReplicationPlanCommand implements Runnable {
    @Mixin
    private final PairOptions pair = new PairOptions();

    @Option(
            names = "--large-size",
            paramLabel = "SIZE",
            description = "tables of at least this size aren't copied as a whole (default 50GB)")
    private ByteSize largeSize = PlanThresholds.USUAL.bytes();

    @Option(
            names = "--large-tuples",
            paramLabel = "N",
            description = "or with at least this many rows (default 10000000)")
    private int largeTuples = (int) PlanThresholds.USUAL.tuples();

    @Option(
            names = "--slices",
            paramLabel = "N",
            description = "at most this many slices for a large table (default 8; 0 for none)")
    private int slices = PlanThresholds.USUAL.slices();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "where the plan is written (default DB-replication-plan.yaml)")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--force", description = "replace an existing file")
    private boolean force;

    private final EachPair each;
    private final PlanReplication plans;
    private final Console console;

    @Inject
    ReplicationPlanCommand(EachPair each, PlanReplication plans, Console console) {
        this.each = each;
        this.plans = plans;
        this.console = console;
    }

    @Override
    public void run() {
        if (largeTuples < 1 || slices < 0 || slices > 256) {
            throw new InvalidSettingsException("--large-tuples is at least 1, and --slices from 0 to 256");
        }
        pair.requireOneFor("--file", file.isPresent(), "with --server each plan goes to DB-replication-plan.yaml");
        each.run(pair, this::plan);
    }

    /** The default path of a plan. */
    static Path usualFile(ServerPair servers) {
        return Path.of(servers.database().value() + "-replication-plan.yaml");
    }

    private Answer plan(ServerPair servers) {
        Path path = file.orElseGet(() -> usualFile(servers));
        requireRoom(path);
        ReplicationPlan plan = plans.run(
                servers, new PlanThresholds(largeSize, largeTuples, slices), new ReplicationProgressPrinter(console));
        write(path, PlanWriter.text(plan));
        return new Answer(
                () -> ReplicationPlanText.document(plan, path.toString()),
                () -> ReplicationPlanText.lines(plan, console.outputWidth(), console.coloredOutput()),
                () -> console.say("written to " + path));
    }

    private void requireRoom(Path path) {
        if (!force && Files.exists(path)) {
            throw exists(path);
        }
    }

    private static OperationException exists(Path path) {
        return new OperationException(
                OperationException.Reason.ALREADY_THERE,
                path + " already exists, and may have been edited",
                "give another name with --file, or --force to replace it");
    }

    private void write(Path path, String text) {
        try {
            if (force) {
                Files.writeString(path, text);
            } else {
                Files.writeString(path, text, StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(path);
        } catch (IOException e) {
            throw FileProblems.of("can't write", path, e);
        }
    }
}
