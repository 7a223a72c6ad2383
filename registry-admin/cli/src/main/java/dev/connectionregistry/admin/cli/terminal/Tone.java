package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.core.internal.util.Printable;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The meaning of a text; decides its colour if there are colours. */
public enum Tone {
    /** Ordinary. */
    PLAIN(""),
    /** A headline. */
    BOLD("1"),
    /** Good. */
    GOOD("32"),
    /** In progress, or worth a look. */
    WARN("33"),
    /** Wrong. */
    BAD("31"),
    /** Unimportant. */
    FAINT("2");

    private static final Pattern OURS = Pattern.compile("\u001b\\[(?:[01]|2|3[123])m");

    private final String code;

    Tone(String code) {
        this.code = code;
    }

    /** {@code text} in this tone, with the colours' escape sequences if {@code colored}. */
    public String paint(String text, boolean colored) {
        return colored && !code.isEmpty() && !text.isEmpty()
                ? "\u001b[" + code + "m" + Printable.lines(text) + "\u001b[0m"
                : text;
    }

    /**
     * Makes {@code text} safe for a terminal or a pipe: removes all unprintable characters except line feeds, tabs and,
     * if there are colours, the tones' escape sequences. The last step before a stream, so that no text from outside
     * can be missed.
     */
    public static String safe(String text, boolean colored) {
        if (!colored) {
            return Printable.lines(text);
        }
        StringBuilder safe = new StringBuilder(text.length());
        Matcher ours = OURS.matcher(text);
        int from = 0;
        while (ours.find()) {
            MatchResult tone = ours.toMatchResult();
            safe.append(Printable.lines(text.substring(from, tone.start()))).append(tone.group());
            from = tone.end();
        }
        return safe.append(Printable.lines(text.substring(from))).toString();
    }
}
