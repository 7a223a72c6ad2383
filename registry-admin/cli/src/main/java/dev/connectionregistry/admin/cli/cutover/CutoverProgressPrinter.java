package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.fleet.FleetTable;
import dev.connectionregistry.admin.cli.fleet.WaitText;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher.FleetObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reports on stderr how a cutover progresses: one line for each step when it ends; if stderr is a terminal, also the
 * current step, with the fleet while it is waited for. For the coordinator's thread.
 */
public final class CutoverProgressPrinter implements CutoverObserver {
    /** Drawing takes time, and callers wait for it during the hold. */
    private static final Duration BETWEEN_PICTURES = Duration.ofMillis(150);

    /** In a pipe there is a line at least every ten seconds, whatever the pause between two checks. */
    private static final Duration EVERY = Duration.ofSeconds(8);

    private final Console console;
    private final Optional<LiveScreen> screen;
    private String title = "";
    private Optional<Duration> drawnAt = Optional.empty();
    private Duration nextLine = EVERY;

    public CutoverProgressPrinter(Console console) {
        this.console = console;
        this.screen = console.terminal().redrawsError() && !console.json()
                ? Optional.of(new LiveScreen(console.err(), console.terminal().rows()))
                : Optional.empty();
    }

    @Override
    public void begun(String what) {
        title = what;
        drawnAt = Optional.empty();
        nextLine = EVERY;
        screen.ifPresent(live -> live.show(List.of(cut("  ...       " + what))));
    }

    @Override
    public void ended(String what, StepRecord step) {
        screen.ifPresent(LiveScreen::clear);
        boolean done = step.kind() == StepResult.Kind.DONE;
        String told = isTheError(step) ? "see the error" : step.evidence();
        String line = String.format(
                Locale.ROOT, "%6d ms  %s%s: %s", step.took().toMillis(), done ? "" : "failed: ", what, told);
        if (done) {
            console.say(line);
        } else {
            console.fail(line + (step.kind() == StepResult.Kind.UNKNOWN ? " (it may have taken effect)" : ""));
        }
    }

    /** A run whose checks fail ends at once, with an error that names them. */
    private boolean isTheError(StepRecord step) {
        return step.kind() != StepResult.Kind.DONE && step.step() == Step.CHECK && !console.json();
    }

    @Override
    public void warning(String text) {
        screen.ifPresent(LiveScreen::clear);
        console.warn(text);
    }

    @Override
    public void fleet(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {
        if (screen.isPresent()) {
            draw(fleet, wait);
        } else if (wait.elapsed().compareTo(nextLine) >= 0) {
            nextLine = wait.elapsed().plus(EVERY);
            console.say(title + ": " + WaitText.withMissing(fleet, wait)
                    + wait.outage()
                            .map(text -> "; the registry can't be read: " + text)
                            .orElse(""));
        }
    }

    private void draw(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {
        boolean due = drawnAt.filter(at -> wait.elapsed().minus(at).compareTo(BETWEEN_PICTURES) < 0)
                .isEmpty();
        if (due) {
            drawnAt = Optional.of(wait.elapsed());
            screen.ifPresent(live -> live.show(picture(fleet, wait)));
        }
    }

    private List<String> picture(FleetSnapshot fleet, FleetObserver.WaitStatus wait) {
        List<String> lines = new ArrayList<>();
        lines.add(cut(String.format(
                Locale.ROOT,
                "  ...       %s: %d of %d, %d ms",
                title,
                fleet.arrived().size(),
                fleet.live().size(),
                wait.elapsed().toMillis())));
        wait.outage().ifPresent(text -> lines.add(cut("the registry can't be read: " + TextTable.printable(text))));
        lines.addAll(
                FleetTable.linesOfMove(fleet.involved(), console.terminal().columns() - 1, console.coloredError()));
        return lines;
    }

    private String cut(String text) {
        return TextTable.cut(text, console.terminal().columns() - 1);
    }
}
