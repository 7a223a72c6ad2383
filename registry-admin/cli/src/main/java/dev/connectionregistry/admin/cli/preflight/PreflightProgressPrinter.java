package dev.connectionregistry.admin.cli.preflight;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.PreflightObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reports the progress of checks on stderr: in place on a terminal, otherwise a line from time to time, so that a slow
 * server doesn't look like a program that hangs. For one thread.
 */
public final class PreflightProgressPrinter implements PreflightObserver {
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Console console;
    private final LongSupplier nanos;
    private final Optional<LiveScreen> screen;
    private long told;

    /** Reports on {@code console}; {@code nanos} is a monotonic clock. */
    public PreflightProgressPrinter(Console console, LongSupplier nanos) {
        this.console = console;
        this.nanos = nanos;
        this.screen = console.terminal().redrawsError() && !console.json()
                ? Optional.of(new LiveScreen(console.err(), console.terminal().rows()))
                : Optional.empty();
        this.told = nanos.getAsLong();
    }

    @Override
    public void begun(About about, int number, int all) {
        String line = "check " + number + " of " + all + ": " + about.name();
        if (screen.isPresent()) {
            screen.get()
                    .show(List.of(TextTable.cut(
                            "  ...       " + line, console.terminal().columns() - 1)));
        } else if (nanos.getAsLong() - told > SILENCE.toNanos()) {
            told = nanos.getAsLong();
            console.say(line);
        }
    }

    @Override
    public void finished() {
        screen.ifPresent(LiveScreen::clear);
    }
}
