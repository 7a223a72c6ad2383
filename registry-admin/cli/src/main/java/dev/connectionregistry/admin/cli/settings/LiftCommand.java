package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Raises the version of a table that is older than its fleet above the versions that the fleet has seen. */
@Command(
        name = "lift",
        description = {
            "Writes the current content again, as a version above all that instances have seen. For a table that was"
                    + " restored or recreated: instances ignore versions older than the newest they have seen, but"
                    + " follow this one. Check 'show' first: instances will use that content. Writes nothing unless an"
                    + " instance is ahead or --above is given."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin lift orders --dry-run",
            "  registry-admin lift orders --above 40 --reason 'restored from backup'"
        })
public final class LiftCommand implements Runnable {
    /** A larger number is mistyped or misreported, and instances wouldn't believe it. */
    private static final long LARGEST_JUMP = VersionBounds.LARGEST_STEP;

    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--above",
            paramLabel = "N",
            description =
                    "above this version, which somebody has seen: written even if the table is at N itself by now")
    private Optional<Long> above = Optional.empty();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final ChangeSettings changes;
    private final FleetWatcher watcher;
    private final Console console;

    @Inject
    LiftCommand(ChangeSettings changes, FleetWatcher watcher, Console console) {
        this.changes = changes;
        this.watcher = watcher;
        this.console = console;
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        ChangeRequest request = writing.request(name);
        VersionedSettings current = changes.current(request);
        above.ifPresent(version -> checkAbove(version, current));
        Optional<InstanceReport> furthest = furthest(current);
        furthest.ifPresent(report -> checkReport(report, current));
        long seen = Math.max(furthest.map(LiftCommand::seenBy).orElse(0L), above.orElse(0L));
        // a version written after a restore may have the number of a lost version, and only --above shows that
        boolean lifts = seen > current.version()
                || above.filter(version -> version >= current.version()).isPresent();
        if (!lifts) {
            tell(
                    current.version(),
                    current.version(),
                    seen,
                    false,
                    "nothing to lift: no instance has seen a version above " + current.version() + ", the current one");
            return;
        }
        ChangeResult lifted = changes.lift(request, current, seen + 1);
        long now = lifted.after().version();
        tell(
                current.version(),
                now,
                seen,
                lifted.written(),
                (lifted.written() ? "" : "would be ")
                        + "lifted: version " + current.version() + " of '" + name + "' is version " + now
                        + (lifted.written() ? " now" : "") + ", since version " + seen + " was seen");
    }

    private static void checkAbove(long version, VersionedSettings current) {
        long largest = current.version() + LARGEST_JUMP;
        if (version < 1 || version > largest) {
            throw new InvalidSettingsException("--above is " + version + "; it must be 1 to " + largest + ", which is "
                    + LARGEST_JUMP + " above version " + current.version() + ", the current one; nothing was written");
        }
    }

    private static void checkReport(InstanceReport report, VersionedSettings current) {
        if (seenBy(report) - current.version() > LARGEST_JUMP) {
            throw new OperationException(
                    Reason.FAILED,
                    report.name() + " says that it has seen version " + seenBy(report) + ", which is more than "
                            + LARGEST_JUMP + " above version " + current.version()
                            + ", the current one; nothing was written",
                    "if that report is wrong, end the instance and wait until it is out of 'status "
                            + current.database() + "'");
        }
    }

    private Optional<InstanceReport> furthest(VersionedSettings current) {
        return watcher.once(current.database(), FleetGoal.active(current.version())).members().stream()
                .map(FleetMember::report)
                .max(Comparator.comparingLong(LiftCommand::seenBy));
    }

    private static long seenBy(InstanceReport report) {
        return Math.max(report.version(), report.acknowledgedVersion());
    }

    private void tell(long before, long after, long seen, boolean written, String text) {
        if (console.json()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("before", before);
            document.put("after", after);
            document.put("seen", seen);
            document.put("written", written);
            console.printJson(document);
        } else {
            console.print(text);
        }
    }
}
