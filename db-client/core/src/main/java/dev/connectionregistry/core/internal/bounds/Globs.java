package dev.connectionregistry.core.internal.bounds;

import java.util.regex.Pattern;

/** Wildcards as regular expressions: {@code *} stands for characters between separators, {@code **} crosses them. Pure. */
final class Globs {
    /** More wildcards would only make matching slow. */
    static final int WILDCARDS = 4;

    private Globs() {}

    /** How many wildcards there are; {@code **} counts as one. */
    static int count(String glob) {
        return glob.split("\\*{1,2}", -1).length - 1;
    }

    /**
     * The regular expression for a glob.
     *
     * @param within a character class for what {@code *} stands for, such as {@code [^.]}
     * @param across a character class for what {@code **} stands for
     */
    static Pattern pattern(String glob, String within, String across) {
        StringBuilder expression = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            if (glob.startsWith("**", at)) {
                expression.append(across).append('*');
                at += 2;
            } else if (glob.charAt(at) == '*') {
                expression.append(within).append('*');
                at++;
            } else {
                int star = glob.indexOf('*', at);
                int end = star < 0 ? glob.length() : star;
                expression.append(Pattern.quote(glob.substring(at, end)));
                at = end;
            }
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }
}
