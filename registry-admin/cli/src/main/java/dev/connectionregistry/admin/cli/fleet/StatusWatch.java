package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.settings.TransitionText;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows a fleet until it is stopped: redrawn in place on a terminal, otherwise one line for each event. */
final class StatusWatch {
    private final SettingsReader reader;
    private final FleetWatcher watcher;
    private final Timing timing;
    private final Console console;
    private final LiveScreen screen;
    private boolean all;
    private Optional<VersionedSettings> settings = Optional.empty();
    private FleetSnapshot before = new FleetSnapshot(FleetGoal.active(0), List.of());

    @Inject
    StatusWatch(SettingsReader reader, FleetWatcher watcher, Timing timing, Console console) {
        this.reader = reader;
        this.watcher = watcher;
        this.timing = timing;
        this.console = console;
        this.screen = new LiveScreen(console.out(), console.terminal().rows());
    }

    void run(DatabaseName database, Duration interval, boolean showAll) {
        all = showAll;
        FleetProgress progress = new FleetProgress(FleetGoal.active(0), timing.nanoTime());
        do {
            try {
                VersionedSettings current = reader.current(database);
                if (settings.filter(known -> known.version() == current.version())
                        .isEmpty()) {
                    progress.aim(FleetGoal.active(current.version()), timing.nanoTime());
                }
                show(current, watcher.look(database, progress));
            } catch (RegistryException e) {
                if (settings.isEmpty()) {
                    throw e;
                }
                outage(String.valueOf(e.getMessage()));
            }
        } while (timing.pause(interval) && !console.out().checkError()); // nobody reads the output any more: `| head`
        screen.finish();
    }

    private void show(VersionedSettings current, FleetSnapshot fleet) {
        if (console.json()) {
            console.print(Json.line(FleetDocuments.status(current, fleet)));
        } else if (console.terminal().redrawsOutput()) {
            screen.show(picture(current, fleet));
        } else {
            if (settings.filter(known -> known.version() == current.version()).isEmpty()) {
                console.print(timing.now() + " version " + current.version() + ": "
                        + current.settings().endpoint() + ", poll "
                        + current.settings().polling()
                        + TransitionText.headline(current)
                                .map(text -> ", " + text)
                                .orElse(""));
            }
            FleetEvents.between(before, fleet)
                    .forEach(event -> console.print(timing.now() + " " + TextTable.printable(event)));
        }
        settings = Optional.of(current);
        before = fleet;
    }

    private List<String> picture(VersionedSettings current, FleetSnapshot fleet) {
        return StatusText.lines(current, fleet, all, console.terminal().columns() - 1, console.coloredOutput());
    }

    private void outage(String problem) {
        if (console.terminal().redrawsOutput() && !console.json()) {
            List<String> lines = new ArrayList<>(picture(settings.orElseThrow(), before));
            lines.add(TextTable.cut(
                    TextTable.printable("can't be read now: " + problem),
                    console.terminal().columns() - 1));
            screen.show(lines);
        } else {
            console.warn(problem);
        }
    }
}
