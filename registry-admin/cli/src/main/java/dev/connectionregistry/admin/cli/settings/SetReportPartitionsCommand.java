package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Spreads the reports of a large fleet over several partition keys of the table. */
@Command(
        name = "set-report-partitions",
        description = {
            "Spreads the reports of a fleet over several partition keys of the table, each of which takes 1,000 writes"
                    + " a second. Needed for about 500 instances and more: one partition for each 300, so that no"
                    + " report is delayed in a move with --poll-interval 1s, nor at the end of a cutover's hold.",
            "Before that, update every registry-admin: earlier releases will refuse cutovers. Also let the services'"
                    + " policies allow the keys fleet#DB#* (dynamodb:LeadingKeys): an instance that may not use its key"
                    + " keeps using fleet#DB and logs that. Instances follow at their next read; you needn't wait,"
                    + " because all keys that were ever used are read."
        },
        footer = {"", "Example:", "  registry-admin set-report-partitions orders 16"})
public final class SetReportPartitionsCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Parameters(
            index = "1",
            paramLabel = "N",
            description = "how many, 1 to " + VersionedSettings.MOST_REPORT_PARTITIONS + "; a new database has 1")
    private int partitions;

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final ChangeSettings changes;
    private final Results results;

    @Inject
    SetReportPartitionsCommand(ChangeSettings changes, Results results) {
        this.changes = changes;
        this.results = results;
    }

    @Override
    public void run() {
        if (partitions < 1 || partitions > VersionedSettings.MOST_REPORT_PARTITIONS) {
            throw new InvalidSettingsException("the number of report partitions is " + partitions + "; it must be 1 to "
                    + VersionedSettings.MOST_REPORT_PARTITIONS);
        }
        ChangeRequest request = writing.request(Objects.requireNonNull(database));
        results.change(changes.spreadReports(request, changes.current(request), partitions));
    }
}
