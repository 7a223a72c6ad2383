package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.replication.verify.TableVerdict;
import dev.connectionregistry.admin.replication.verify.Verification.VerifyObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reports on stderr how verifying progresses: a line for each table, and meanwhile the current activity, redrawn in
 * place on a terminal, otherwise every few seconds. For one thread.
 */
public final class VerifyProgressPrinter implements VerifyObserver {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(8);

    private final Console console;
    private final Optional<LiveScreen> screen;
    private int tables;
    private Duration toldAt = Duration.ZERO;
    private int toldOf;

    public VerifyProgressPrinter(Console console) {
        this.console = console;
        this.screen = console.terminal().redrawsError() && !console.json()
                ? Optional.of(new LiveScreen(console.err(), console.terminal().rows()))
                : Optional.empty();
    }

    @Override
    public void begun(int count, String waitedFor) {
        tables = count;
        screen.ifPresent(LiveScreen::clear);
        console.say("verifying " + Plural.of(count, "table") + ", "
                + (waitedFor.isEmpty()
                        ? "in their current state, without waiting for the target"
                        : "waiting for " + waitedFor));
    }

    @Override
    public void at(int place, String table, String what, Duration elapsed) {
        String line = (place == 0 ? "" : place + "/" + tables + " " + table + ": ") + what + ", " + elapsed.toSeconds()
                + " s";
        String printable = TextTable.printable(line);
        if (screen.isPresent()) {
            screen.get()
                    .show(List.of(TextTable.cut(printable, console.terminal().columns() - 1)));
        } else if (due(place, elapsed)) {
            console.say(printable);
        }
    }

    private boolean due(int place, Duration elapsed) {
        if (place != toldOf) {
            toldOf = place;
            toldAt = Duration.ZERO;
        }
        boolean due = elapsed.minus(toldAt).compareTo(BETWEEN_LINES) >= 0;
        toldAt = due ? elapsed : toldAt;
        return due;
    }

    @Override
    public void ended(int place, TableVerdict verdict) {
        screen.ifPresent(LiveScreen::clear);
        console.say(TextTable.printable(place + "/" + tables + " " + verdict.table() + ": "
                + VerifyText.word(verdict.result()) + ", " + verdict.took().toMillis() + " ms"));
    }

    /** Removes what is drawn. */
    public void close() {
        screen.ifPresent(LiveScreen::clear);
    }
}
