package dev.connectionregistry.samples.fleet.show;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Standard output: lines that stay, and on a terminal a panel below them that is drawn again in its place. In a pipe there
 * is no panel. Thread-safe.
 */
public final class Screen {
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private Terminal terminal;
    private List<Line> panel = List.of();
    private int drawn;

    /** On standard output. */
    public Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What it is drawn on. */
    public synchronized Terminal terminal() {
        return terminal;
    }

    /** Looks how large the terminal is now. */
    public void measure() {
        Terminal measured = terminal().measured();
        synchronized (this) {
            terminal = measured;
        }
    }

    /** A line that stays. */
    public void line(String text) {
        line(Line.of(text));
    }

    /** A line that stays. */
    public synchronized void line(Line line) {
        StringBuilder text = new StringBuilder(erased());
        text.append(line.render(Integer.MAX_VALUE, terminal.colours())).append('\n');
        show(text);
    }

    /** Replaces the panel; does nothing in a pipe. */
    public synchronized void panel(List<Line> lines) {
        if (terminal.live()) {
            StringBuilder text = new StringBuilder(erased());
            panel = List.copyOf(lines.subList(0, Math.max(0, Math.min(lines.size(), terminal.rows() - 3))));
            show(text);
        }
    }

    /** Takes the panel away. */
    public synchronized void endPanel() {
        panel(List.of());
    }

    private String erased() {
        return drawn == 0 ? "" : "\r\u001b[" + drawn + "A" + CLEAR_BELOW;
    }

    private void show(StringBuilder text) {
        for (Line line : panel) {
            text.append(line.render(terminal.columns() - 1, terminal.colours())).append('\n');
        }
        drawn = panel.size();
        out.print(text);
        out.flush();
    }
}
