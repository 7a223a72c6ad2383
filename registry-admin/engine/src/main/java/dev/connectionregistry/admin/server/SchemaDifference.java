package dev.connectionregistry.admin.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Names what two schemas don't have in common. Pure. */
public final class SchemaDifference {
    private SchemaDifference() {}

    /**
     * The first lines that only one side has, as {@code schemaLines} gives them.
     *
     * @param atMost how many of each side; more are counted
     * @return {@code only on the source: …}, {@code only on the target: …}; empty if there is no difference
     */
    public static List<String> between(List<String> source, List<String> target, int atMost) {
        return between("only on the source: ", source, "only on the target: ", target, atMost);
    }

    /** The same for one server at two times: {@code gone: …}, {@code new: …}. */
    public static List<String> sinceThen(List<String> then, List<String> now, int atMost) {
        return between("gone: ", then, "new: ", now, atMost);
    }

    private static List<String> between(String here, List<String> these, String there, List<String> those, int atMost) {
        List<String> found = new ArrayList<>();
        describe(here, these, those, atMost, found);
        describe(there, those, these, atMost, found);
        return found;
    }

    private static void describe(
            String prefix, List<String> these, List<String> those, int atMost, List<String> found) {
        Set<String> missing = new TreeSet<>(these);
        missing.removeAll(Set.copyOf(those));
        missing.stream().limit(atMost).map(prefix::concat).forEach(found::add);
        if (missing.size() > atMost) {
            found.add(prefix + "and " + (missing.size() - atMost) + " more");
        }
    }
}
