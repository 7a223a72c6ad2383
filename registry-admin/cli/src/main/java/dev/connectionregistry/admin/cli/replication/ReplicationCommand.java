package dev.connectionregistry.admin.cli.replication;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands for Postgres' own logical replication. */
@Command(
        name = "replication",
        description = {
            "Copies the rows of a database to another server and keeps them up to date with Postgres' logical"
                    + " replication, until a cutover; after the cutover, in the other direction.",
            "",
            "In this order: plan, check the file, start, status, verify; then cutover --reverse-slot; then reverse,"
                    + " which keeps the way back open; finally stop.",
        },
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            ReplicationPlanCommand.class,
            ReplicationStartCommand.class,
            ReplicationStatusCommand.class,
            ReplicationVerifyCommand.class,
            ReplicationSequencesCommand.class,
            ReplicationReverseCommand.class,
            ReplicationStopCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin replication plan orders --target db2.internal:5432",
            "  registry-admin replication start orders --target db2.internal:5432 \\",
            "      --plan orders-replication-plan.yaml"
        })
public final class ReplicationCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "name a subcommand: replication plan, start, status, verify, sequences, reverse or stop");
    }
}
