package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.admin.common.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The streams of one run. Data goes to stdout, everything else to stderr; with {@code --output json} the latter is one
 * JSON object per line. Thread-safe as far as the streams are.
 */
public final class Console {
    /**
     * Finds further lines of a text that begin like lines of our own. Our texts never have such lines; but a line break
     * in an author's name or in another text of the table could forge one, with a command for the operator to paste.
     */
    private static final Pattern OUR_BEGINNINGS = Pattern.compile("([\\n\\r])(?=(?:next|error|warning): )");

    private final InputStream input;
    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;
    private final Map<String, String> environment;
    private final Supplier<OutputSettings> settings;
    private volatile boolean reading;

    /** Uses the streams, what they are connected to, and what the user wants (which is read when needed). */
    public Console(
            InputStream input,
            PrintStream out,
            PrintStream err,
            Terminal terminal,
            Map<String, String> environment,
            Supplier<OutputSettings> settings) {
        this.input = input;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.environment = environment;
        this.settings = settings;
    }

    /** Whether to print documents instead of text. */
    public boolean json() {
        return settings.get().json();
    }

    /** Whether to print stack traces. */
    public boolean verbose() {
        return settings.get().verbose();
    }

    /** What the streams are connected to. */
    public Terminal terminal() {
        return terminal;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    /** How wide a line of data may be: the terminal's width, or unlimited in a pipe. */
    public int outputWidth() {
        return terminal.output() ? terminal.columns() : Integer.MAX_VALUE;
    }

    /** Whether data is coloured. */
    public boolean coloredOutput() {
        return colored(terminal.output());
    }

    /** Whether stderr is coloured. */
    public boolean coloredError() {
        return colored(terminal.error());
    }

    private boolean colored(boolean isTerminal) {
        return switch (settings.get().color()) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                isTerminal
                        && terminal.capable()
                        && environment.getOrDefault("NO_COLOR", "").isEmpty();
        };
    }

    public void print(List<String> lines) {
        String text = String.join(System.lineSeparator(), lines) + System.lineSeparator();
        out.print(Tone.safe(text, coloredOutput()));
        out.flush();
    }

    public void print(String line) {
        print(List.of(line));
    }

    public void printJson(Object document) {
        print(Json.pretty(document));
    }

    /** Reports progress. */
    public void say(String text) {
        talk("message", text, Tone.PLAIN);
    }

    /** Reports what may be a mistake. */
    public void warn(String text) {
        talk("warning", text, Tone.WARN);
    }

    /** Reports a failure that doesn't end the command; the error does. */
    public void fail(String text) {
        talk("failed", text, Tone.BAD);
    }

    private void talk(String kind, String text, Tone tone) {
        tell(
                json()
                        ? Json.line(Map.of(kind, text))
                        : tone.paint((kind.equals("warning") ? "warning: " : "") + text, coloredError()));
    }

    /**
     * Prints text on stderr as it is, such as an error, except for what a terminal would obey or an operator could
     * mistake for our advice.
     */
    public void tell(String text) {
        err.println(OUR_BEGINNINGS.matcher(Tone.safe(text, coloredError())).replaceAll("$1    "));
        err.flush();
    }

    /** Asks a question that is answered with y or n; any other answer is no. Only if stdin is a terminal. */
    public boolean confirm(String question) throws IOException {
        err.print(Tone.safe(question + " [y/N] ", coloredError()));
        err.flush();
        reading = true;
        String answer = new BufferedReader(new InputStreamReader(input, Charset.defaultCharset())).readLine();
        reading = false;
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
    }

    /** All of stdin, as UTF-8. */
    public String readInput() throws IOException {
        reading = true;
        byte[] all = input.readAllBytes();
        reading = false;
        return new String(all, StandardCharsets.UTF_8);
    }

    /** Whether the program is waiting for its user, so that nothing would be interrupted halfway. */
    public boolean isReading() {
        return reading;
    }

    /**
     * What the user wants to see.
     *
     * @param json print documents instead of text
     * @param verbose print stack traces
     * @param color when to use colours
     */
    public record OutputSettings(boolean json, boolean verbose, Color color) {
        /** When to use colours. */
        public enum Color {
            /** On a terminal, unless NO_COLOR is set. */
            AUTO,
            /** Also in a pipe. */
            ALWAYS,
            /** Never. */
            NEVER
        }
    }
}
