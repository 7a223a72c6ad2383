package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.Member;
import dev.connectionregistry.admin.operation.ChangeRequest;
import dev.connectionregistry.admin.operation.ChangeResult;
import dev.connectionregistry.admin.operation.ChangeSettings;
import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a table that is older than its fleet above what the fleet has seen. */
@Command(
        name = "lift",
        description = {
            "Writes the current content once more, as a version above all that instances have seen. For a table that was"
                    + " restored or made anew: instances ignore versions older than they have seen, and follow this one."
                    + " Look at 'show' first: they will use what stands there. Without an instance that is ahead nothing"
                    + " is written."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin lift orders --dry-run",
            "  registry-admin lift orders --above 40 --reason 'restored from backup'"
        })
public final class LiftCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(
            names = "--above",
            paramLabel = "N",
            description = "also above this version, which instances that don't report may have seen")
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
        long seen = Math.max(seen(current), above.orElse(0L));
        if (seen <= current.version()) {
            tell(
                    current.version(),
                    current.version(),
                    seen,
                    false,
                    "nothing to lift: nobody has seen more than version " + current.version() + ", which stands");
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

    private long seen(VersionedSettings current) {
        return watcher.once(current.database(), FleetGoal.active(current.version())).members().stream()
                .map(Member::report)
                .mapToLong(report -> Math.max(report.version(), report.acknowledgedVersion()))
                .max()
                .orElse(0);
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
