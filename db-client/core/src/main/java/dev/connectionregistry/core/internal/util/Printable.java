package dev.connectionregistry.core.internal.util;

/**
 * Makes text from outside fit for a terminal or a log: removes what moves a cursor, changes colours, reverses the
 * reading direction, hides text, or begins a line that looks like our own. For output; stored text stays as it is.
 */
public final class Printable {
    /**
     * More than anybody reads in a status, a report or a log; a server may send a gigabyte, but a report only has room
     * for 400 KB.
     */
    private static final int LONGEST = 2_000;

    private Printable() {}

    /** As {@link #line}, at most 2,000 characters; {@code …} replaces the rest. For text that is kept. */
    public static String shortLine(String text) {
        return line(text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…");
    }

    /** Puts {@code text} on one line; each run of unprintable characters becomes a space. */
    public static String line(String text) {
        return clean(text, false);
    }

    /** As {@link #line}, but keeps line feeds and tabs. */
    public static String lines(String text) {
        return clean(text, true);
    }

    private static String clean(String text, boolean keepsLayout) {
        int length = text.length();
        int at = 0;
        while (at < length && isPrinted(text.codePointAt(at), keepsLayout)) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (at == length) {
            return text;
        }
        StringBuilder clean = new StringBuilder(length).append(text, 0, at);
        boolean inRun = false;
        while (at < length) {
            int character = text.codePointAt(at);
            boolean printed = isPrinted(character, keepsLayout);
            if (printed) {
                clean.appendCodePoint(character);
            } else if (!inRun) {
                clean.append(' ');
            }
            inRun = !printed;
            at += Character.charCount(character);
        }
        return clean.toString();
    }

    /**
     * False for control characters (C0, DEL, C1), invisible and bidirectional formats, line separators, lone surrogates
     * and unassigned code points.
     */
    private static boolean isPrinted(int character, boolean keepsLayout) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> keepsLayout && (character == '\n' || character == '\t');
            case Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
