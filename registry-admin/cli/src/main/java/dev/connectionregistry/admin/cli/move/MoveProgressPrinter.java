package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.fleet.FleetTable;
import dev.connectionregistry.admin.cli.fleet.WaitText;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.move.MoveObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reports on stderr how a move progresses: a table redrawn in place if stderr is a terminal, otherwise one line for
 * each event.
 */
public final class MoveProgressPrinter implements MoveObserver {
    private static final FleetSnapshot NOTHING = new FleetSnapshot(FleetGoal.acknowledged(0), List.of());

    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Console console;
    private final Optional<LiveScreen> screen;
    private FleetSnapshot before = NOTHING;
    private Duration nextProgress = EVERY;
    private Set<String> overdue = Set.of();
    private Optional<String> outage = Optional.empty();

    public MoveProgressPrinter(Console console) {
        this.console = console;
        this.screen = console.terminal().redrawsError() && !console.json()
                ? Optional.of(new LiveScreen(console.err(), console.terminal().rows()))
                : Optional.empty();
    }

    @Override
    public void step(String text) {
        console.say(text);
    }

    @Override
    public void warning(String text) {
        console.warn(text);
    }

    @Override
    public void observed(FleetSnapshot snapshot, WaitStatus wait) {
        if (screen.isPresent()) {
            screen.get().show(picture(snapshot, wait));
        } else {
            tellOutage(wait.outage());
            FleetEvents.between(before, snapshot).forEach(console::say);
            tellOverdue(snapshot);
            tellProgress(snapshot, wait);
        }
        before = snapshot;
    }

    /** Reports once each time that a wait stalls on an instance. */
    private void tellOverdue(FleetSnapshot snapshot) {
        List<FleetMember> stalling = snapshot.stalledBy();
        stalling.stream()
                .filter(member -> !overdue.contains(member.name()))
                .forEach(member -> console.say(FleetEvents.overdue(member)));
        overdue = stalling.stream().map(FleetMember::name).collect(Collectors.toUnmodifiableSet());
    }

    private void tellProgress(FleetSnapshot snapshot, WaitStatus wait) {
        if (wait.elapsed().compareTo(nextProgress) < 0) {
            return;
        }
        nextProgress = wait.elapsed().plus(EVERY);
        console.say(WaitText.withMissing(snapshot, wait));
    }

    private void tellOutage(Optional<String> now) {
        if (now.isPresent() && outage.isEmpty()) {
            console.warn("the registry can't be read, still trying: " + now.get());
        } else if (now.isEmpty() && outage.isPresent()) {
            console.say("the registry can be read again");
        }
        outage = now;
    }

    private List<String> picture(FleetSnapshot snapshot, WaitStatus wait) {
        int width = console.terminal().columns() - 1;
        boolean colored = console.coloredError();
        List<String> lines = new ArrayList<>();
        lines.add(Tone.BOLD.paint(TextTable.cut(WaitText.progress(snapshot, wait), width), colored));
        wait.outage()
                .map(text -> TextTable.cut(TextTable.printable("the registry can't be read: " + text), width))
                .ifPresent(text -> lines.add(Tone.BAD.paint(text, colored)));
        snapshot.stalledBy()
                .forEach(member -> lines.add(Tone.WARN.paint(
                        TextTable.cut(TextTable.printable(FleetEvents.overdue(member)), width), colored)));
        lines.addAll(FleetTable.linesOfMove(laggardsFirst(snapshot.involved()), width, colored));
        return lines;
    }

    /** If not all instances fit, the operator wants to see those that are still awaited. */
    private FleetSnapshot laggardsFirst(FleetSnapshot snapshot) {
        if (snapshot.members().size() < console.terminal().rows() - 4) {
            return snapshot;
        }
        List<FleetMember> sorted = new ArrayList<>(snapshot.members());
        sorted.sort(Comparator.comparing(member -> !member.pending()));
        return new FleetSnapshot(snapshot.goal(), sorted);
    }

    @Override
    public void finished() {
        nextProgress = EVERY;
        screen.ifPresent(LiveScreen::clear);
    }
}
