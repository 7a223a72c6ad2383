package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.LiveScreen;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.replication.setup.CopyProgress;
import dev.connectionregistry.admin.replication.setup.SetupObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reports on stderr how tables progress: on a terminal with bars that are redrawn in place, otherwise with a line when
 * the copy of a table starts, every ten seconds, and when the table follows. For one thread.
 */
public final class ReplicationProgressPrinter implements SetupObserver {
    private static final long TELL_NANOS = 9_000_000_000L;

    private final Console console;
    private final LiveScreen screen;
    private final boolean redraws;
    private final Map<String, Long> told = new HashMap<>();
    private final Map<String, CopyProgress.Phase> phases = new HashMap<>();

    public ReplicationProgressPrinter(Console console) {
        this.console = console;
        this.screen = new LiveScreen(console.err(), console.terminal().rows());
        this.redraws = console.terminal().redrawsError() && !console.json();
    }

    /** Runs {@code work}, and removes the picture however the work ends. */
    public <T> T during(Supplier<T> work) {
        try {
            return work.get();
        } finally {
            clear();
        }
    }

    @Override
    public void say(String text) {
        clear();
        console.say(TextTable.printable(text));
    }

    @Override
    public void warn(String text) {
        clear();
        console.warn(TextTable.printable(text));
    }

    private void clear() {
        if (redraws) {
            screen.clear();
        }
    }

    @Override
    public void progress(List<CopyProgress> copies) {
        copies.forEach(this::events);
        if (redraws) {
            int width = console.terminal().columns() - 1;
            screen.show(copies.stream()
                    .filter(each -> each.phase() != CopyProgress.Phase.FOLLOWS)
                    .map(each -> CopyText.bar(each, width))
                    .toList());
        }
    }

    private void events(CopyProgress copy) {
        CopyProgress.Phase before = phases.put(copy.label(), copy.phase());
        boolean ends = copy.phase() == CopyProgress.Phase.FOLLOWS && before != copy.phase();
        boolean due = !redraws && isDue(copy);
        if (ends || due) {
            clear();
            console.say(CopyText.line(copy));
        }
    }

    private boolean isDue(CopyProgress copy) {
        long now = copy.elapsed().toNanos();
        long last = told.getOrDefault(copy.label(), 0L);
        if (copy.phase() == CopyProgress.Phase.FOLLOWS || now - last < TELL_NANOS) {
            return false;
        }
        told.put(copy.label(), now);
        return true;
    }
}
