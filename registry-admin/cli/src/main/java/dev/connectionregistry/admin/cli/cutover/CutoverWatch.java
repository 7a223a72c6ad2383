package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.coordinator.CutoverStatus;
import dev.connectionregistry.admin.cutover.coordinator.StatusReader;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetProgress;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shows the progress of a cutover until it is stopped: redrawn in place on a terminal, otherwise a line for each
 * change.
 */
final class CutoverWatch {
    private final StatusReader reader;
    private final FleetWatcher watcher;
    private final Timing timing;
    private final Console console;
    private final LiveScreen screen;
    private final FleetProgress progress;
    private FleetGoal aim = FleetGoal.active(0);
    private Optional<CutoverStatus> last = Optional.empty();

    @Inject
    CutoverWatch(StatusReader reader, FleetWatcher watcher, Timing timing, Console console) {
        this.reader = reader;
        this.watcher = watcher;
        this.timing = timing;
        this.console = console;
        this.screen = new LiveScreen(console.out(), console.terminal().rows());
        this.progress = new FleetProgress(aim, timing.nanoTime());
    }

    void run(DatabaseName database, Duration interval) {
        do {
            try {
                CutoverStatus status = reader.read(database, goal -> look(database, goal));
                show(status);
                last = Optional.of(status);
            } catch (RegistryException e) {
                if (last.isEmpty()) {
                    throw e;
                }
                outage(String.valueOf(e.getMessage()));
            }
        } while (timing.pause(interval) && !console.out().checkError()); // nobody reads any more: `| head`
        screen.finish();
    }

    private FleetSnapshot look(DatabaseName database, FleetGoal goal) {
        if (!goal.equals(aim)) {
            aim = goal;
            progress.aim(goal, timing.nanoTime());
        }
        return watcher.look(database, progress);
    }

    private void show(CutoverStatus status) {
        if (console.json()) {
            console.print(Json.line(CutoverDocuments.status(status)));
        } else if (console.terminal().redrawsOutput()) {
            screen.show(picture(status));
        } else {
            List<String> before = last.map(CutoverText::headlines).orElse(List.of());
            CutoverText.headlines(status).stream()
                    .filter(line -> !before.contains(line))
                    .forEach(line -> console.print(timing.now() + " " + line));
            FleetEvents.between(
                            last.map(CutoverStatus::fleet).orElseGet(() -> new FleetSnapshot(aim, List.of())),
                            status.fleet())
                    .forEach(event -> console.print(timing.now() + " " + TextTable.printable(event)));
        }
    }

    private List<String> picture(CutoverStatus status) {
        return CutoverText.picture(status, width(), console.coloredOutput());
    }

    private int width() {
        return console.terminal().columns() - 1;
    }

    private void outage(String problem) {
        if (console.terminal().redrawsOutput() && !console.json()) {
            List<String> lines = new ArrayList<>(picture(last.orElseThrow()));
            lines.add(TextTable.cut(TextTable.printable("can't be read now: " + problem), width()));
            screen.show(lines);
        } else {
            console.warn(problem);
        }
    }
}
