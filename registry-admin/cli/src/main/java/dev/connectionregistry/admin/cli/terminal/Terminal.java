package dev.connectionregistry.admin.cli.terminal;

import java.io.Console;
import java.util.Map;
import java.util.Properties;

/**
 * What the three standard streams are connected to. The launcher passes this in system properties; without it, the JVM
 * is asked, which only knows whether all three are a terminal.
 *
 * @param input whether stdin is a terminal
 * @param output whether stdout is a terminal
 * @param error whether stderr is a terminal
 * @param capable whether it supports cursor movements and colours
 * @param columns how wide it is
 * @param rows how high it is
 */
public record Terminal(boolean input, boolean output, boolean error, boolean capable, int columns, int rows) {
    public static final Terminal NONE = new Terminal(false, false, false, false, 80, 24);

    private static final String PREFIX = "registry.admin.";

    /** Reads what the launcher says; without it, asks the JVM. */
    public static Terminal detect(Properties properties, Map<String, String> environment) {
        boolean all = properties.getProperty(PREFIX + "tty") == null && consoleIsTerminal();
        String streams = properties.getProperty(PREFIX + "tty", "");
        String term = environment.getOrDefault("TERM", "");
        String size = properties.getProperty(PREFIX + "size", "");
        return new Terminal(
                all || streams.contains("0"),
                all || streams.contains("1"),
                all || streams.contains("2"),
                !term.isEmpty() && !term.equals("dumb"),
                dimension(size, 1, environment.get("COLUMNS"), 80),
                dimension(size, 0, environment.get("LINES"), 24));
    }

    /** {@code size} is what {@code stty size} prints: rows, then columns. */
    private static int dimension(
            String size, int index, @org.jspecify.annotations.Nullable String fallback, int standard) {
        String[] parts = size.strip().split("\\s+", -1);
        String text = parts.length == 2 ? parts[index] : fallback;
        return text != null && text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : standard;
    }

    @SuppressWarnings("SystemConsoleNull") // null on 17; on 22 and later the method below decides
    private static boolean consoleIsTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try { // since 22 there is a console even in a pipe, and a method that tells the difference
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Whether a table can be redrawn in place on stdout. */
    public boolean redrawsOutput() {
        return output && capable;
    }

    /** Whether a table can be redrawn in place on stderr. */
    public boolean redrawsError() {
        return error && capable;
    }
}
