package dev.connectionregistry.admin.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A few lines that are redrawn in place. Never more than the terminal has rows, otherwise the cursor couldn't return to
 * the first; wrapping is off meanwhile, so that narrowing the window doesn't break the picture. Thread-safe.
 */
public final class LiveScreen {
    private static final String CSI = "\u001b[";

    private final PrintStream stream;
    private final int rows;
    /** Guarded by "this". */
    private int drawn;

    private boolean finished;

    /** Draws on {@code stream}, a terminal with {@code rows} rows. */
    public LiveScreen(PrintStream stream, int rows) {
        this.stream = stream;
        this.rows = rows;
    }

    /** Replaces what is shown. */
    public synchronized void show(List<String> lines) {
        if (finished) {
            return;
        }
        List<String> fitting = new ArrayList<>(lines);
        if (fitting.size() > rows - 1) {
            int hidden = fitting.size() - (rows - 2);
            fitting = new ArrayList<>(fitting.subList(0, Math.max(1, rows - 2)));
            fitting.add("... and " + hidden + " more lines");
        }
        StringBuilder picture = new StringBuilder(back()).append(CSI).append("?7l");
        fitting.forEach(line -> picture.append(Tone.safe(line, true).replace('\n', ' '))
                .append(CSI)
                .append("K\n"));
        picture.append(CSI).append("J").append(CSI).append("?7h");
        drawn = fitting.size();
        stream.print(picture);
        stream.flush();
    }

    /** Removes the picture, so that other text can follow; the next {@link #show} starts below that text. */
    public synchronized void clear() {
        stream.print(back() + CSI + "J");
        stream.flush();
        drawn = 0;
    }

    /** Leaves the picture as it is; shows nothing from now on. */
    public synchronized void finish() {
        finished = true;
    }

    private String back() {
        return drawn == 0 ? "" : "\r" + CSI + drawn + "A";
    }
}
