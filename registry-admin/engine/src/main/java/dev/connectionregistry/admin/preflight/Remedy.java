package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.server.Side;
import java.util.Locale;

/**
 * One thing to do about a finding.
 *
 * @param place where to do it
 * @param text a statement with its semicolon, a command line, or a sentence; no secret
 */
public record Remedy(Place place, String text) {
    /** Where something is to be done. */
    public enum Place {
        /** On the source. */
        SOURCE,
        /** On the target. */
        TARGET,
        /** In a shell. */
        COMMAND,
        /** By a person. */
        ADVICE;

        /** For programs: {@code source}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Remedy onSource(String sql) {
        return new Remedy(Place.SOURCE, sql);
    }

    public static Remedy onTarget(String sql) {
        return new Remedy(Place.TARGET, sql);
    }

    /** A statement for one of the two. */
    public static Remedy on(Side side, String sql) {
        return side == Side.SOURCE ? onSource(sql) : onTarget(sql);
    }

    /** A word of a command, in quotes if a shell would split or interpret it. */
    public static String word(Object value) {
        return ShellWord.of(value);
    }

    /** A command, without the program's name and its options for the table; see {@link #word}. */
    public static Remedy command(String arguments) {
        return new Remedy(Place.COMMAND, arguments);
    }

    /** Something that no statement can do. */
    public static Remedy advice(String sentence) {
        return new Remedy(Place.ADVICE, sentence);
    }
}
