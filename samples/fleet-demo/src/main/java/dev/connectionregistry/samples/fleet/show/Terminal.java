package dev.connectionregistry.samples.fleet.show;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What standard output is. Immutable but for {@link #measured}.
 *
 * @param live whether it is a terminal that can be drawn on
 * @param colours whether colours are wanted
 * @param unicode whether it shows more than ASCII
 * @param columns its width
 * @param rows its height
 */
public record Terminal(boolean live, boolean colours, boolean unicode, int columns, int rows) {
    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;

    /**
     * From the environment.
     *
     * @param isTerminal what the launcher script found out: the JVM cannot tell standard output from standard input
     * @param noColours what the user wants
     */
    public static Terminal detect(boolean isTerminal, boolean noColours, Map<String, String> environment) {
        boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean colours = isTerminal
                && !dumb
                && !noColours
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
        String locale = environment.getOrDefault("LC_ALL", "");
        if (locale.isEmpty()) {
            locale = environment.getOrDefault("LC_CTYPE", "");
        }
        if (locale.isEmpty()) {
            locale = environment.getOrDefault("LANG", "");
        }
        boolean unicode = locale.toLowerCase(Locale.ROOT).matches(".*utf-?8.*");
        return new Terminal(isTerminal && !dumb, colours, unicode, DEFAULT_COLUMNS, DEFAULT_ROWS).measured();
    }

    /** With the size that it has now; unchanged if that cannot be told. */
    public Terminal measured() {
        if (!live) {
            return this;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
            if (ended && size.length == 2 && Integer.parseInt(size[1]) > 0) {
                return new Terminal(live, colours, unicode, Integer.parseInt(size[1]), Integer.parseInt(size[0]));
            }
        } catch (IOException | NumberFormatException unknown) {
            // keep what is known
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return this;
    }
}
