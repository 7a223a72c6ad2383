package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.core.internal.util.Printable;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a piece of text means; decides its colour where there are colours. */
public enum Tone {
    /** Ordinary. */
    PLAIN(""),
    /** A headline. */
    BOLD("1"),
    /** As it should be. */
    GOOD("32"),
    /** On its way, or worth a look. */
    WARN("33"),
    /** Wrong. */
    BAD("31"),
    /** Of little weight. */
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
     * What may be sent to a terminal or a pipe of {@code text}: no character that isn't printed, but line feeds, tabs, and where
     * there are colours those of tones. The last thing before a stream, so that no text from outside can be forgotten.
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
