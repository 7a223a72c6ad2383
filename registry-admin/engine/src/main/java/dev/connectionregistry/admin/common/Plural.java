package dev.connectionregistry.admin.common;

import java.util.Collection;
import java.util.stream.Collectors;

/** Numbers of things, for messages. Pure. */
public final class Plural {
    private Plural() {}

    /** {@code 1 table}, {@code 2 tables}; {@code noun} is in the singular, and may have words before it. */
    public static String of(long number, String noun) {
        return number + " " + (number == 1 ? noun : many(noun));
    }

    /** {@code 1 row differs}, {@code 2 rows differ}. */
    public static String of(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    /**
     * {@code a, b and 7 more}: messages about a fleet or a schema must not grow with it.
     *
     * @param named how many are named
     */
    public static String some(Collection<?> all, int named, String separator) {
        return all.stream().limit(named).map(String::valueOf).collect(Collectors.joining(separator))
                + (all.size() > named ? " and " + (all.size() - named) + " more" : "");
    }

    private static String many(String noun) {
        if (noun.endsWith("x")) {
            return noun + "es";
        }
        return noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }
}
