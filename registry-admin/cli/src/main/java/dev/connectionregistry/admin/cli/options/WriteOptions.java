package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that writes. */
public final class WriteOptions {
    private static final int LONGEST_REASON = 500;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the history")
    private String reason = "";

    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "write only if N is the current version (otherwise exit code 3)")
    private Optional<Long> ifVersion = Optional.empty();

    @Option(names = "--dry-run", description = "show what would change, write nothing")
    private boolean dryRun;

    public ChangeRequest request(DatabaseName database) {
        if (reason.length() > LONGEST_REASON) {
            throw new InvalidSettingsException(
                    "the reason has " + reason.length() + " characters; allowed are " + LONGEST_REASON);
        }
        if (ifVersion.filter(version -> version < 0).isPresent()) {
            throw new InvalidSettingsException("--if-version is " + ifVersion.get() + "; it must be 1 or more");
        }
        return new ChangeRequest(database, ifVersion, reason, dryRun);
    }
}
