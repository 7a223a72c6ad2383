package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.Plural;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Lists in messages. Pure. */
public final class NameLists {
    private static final int SHOWN = 5;

    private NameLists() {}

    /** {@code a, b, c, d, e and 7 more}. */
    public static String some(Collection<?> names) {
        return Plural.some(names, SHOWN, ", ");
    }

    /** {@code 3 tables}, {@code 1 table}. */
    public static String count(long number, String one) {
        return one.endsWith("s") ? number + " " + one : Plural.of(number, one);
    }

    /** {@code 12.3 MB}; units are powers of 1000. */
    public static String bytes(long number) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        double rest = number;
        int unit = 0;
        while (Math.abs(rest) >= 1000 && unit < units.length - 1) {
            rest /= 1000;
            unit++;
        }
        return (unit == 0 ? String.valueOf(number) : String.format(Locale.ROOT, "%.1f", rest)) + " " + units[unit];
    }

    /** Maps each element. */
    public static <A, B> List<B> each(Collection<A> all, Function<A, B> how) {
        return all.stream().map(how).toList();
    }
}
