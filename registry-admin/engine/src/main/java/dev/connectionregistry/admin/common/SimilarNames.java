package dev.connectionregistry.admin.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds names that somebody may have meant. Pure. */
public final class SimilarNames {
    private static final int AT_MOST = 3;

    private SimilarNames() {}

    /**
     * The known names that begin with {@code name}, or differ from it by at most two letters or a third of its length;
     * closest first, three at most.
     */
    public static List<String> to(String name, Collection<String> known) {
        int tolerated = Math.max(2, name.length() / 3);
        return known.stream()
                .filter(each -> each.startsWith(name) || distance(name, each) <= tolerated)
                .sorted(Comparator.comparingInt((String each) -> distance(name, each))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(AT_MOST)
                .toList();
    }

    /** How many letters must be inserted, left out or replaced. */
    static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int replaced = previous[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
