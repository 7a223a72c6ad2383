package dev.connectionregistry.admin.command;

import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import picocli.CommandLine.Command;

/** What has to do with replication. */
@Command(
        name = "replication",
        description = "Postgres' own logical replication between the server of a database and another one.",
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ReplicationStatusCommand.class, ReplicationVerifyCommand.class, ReplicationSequencesCommand.class
        })
public final class ReplicationCommand implements Runnable {
    @Inject
    ReplicationCommand() {}

    @Override
    public void run() {
        throw new InvalidSettingsException("say which: see replication --help");
    }
}
