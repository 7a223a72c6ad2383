package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Distinguishes missing or surplus rows from rows that are still on their way, while services write. In each round the
 * source counts, the target catches up with that moment and counts, and the source counts again. A table differs if the
 * target's number is outside the range of the two source numbers, on the same side in every round. For one thread.
 */
public final class RowGaps {
    /** A table whose rows come and go is on the same side that often by chance in one of 32 cases. */
    public static final int ROUNDS = 6;

    private final Map<TableName, Gap> open = new TreeMap<>();
    private final Map<TableName, Integer> sides = new HashMap<>();
    private boolean first = true;

    /**
     * A table that differs.
     *
     * @param table the table
     * @param source its number of rows on the source
     * @param target its number of rows on the target
     */
    public record Gap(TableName table, long source, long target) {
        @Override
        public String toString() {
            return table + " has " + source + " rows on the source and " + target + " on the target";
        }
    }

    public void round(Map<TableName, Long> before, Map<TableName, Long> target, Map<TableName, Long> after) {
        Map<TableName, Gap> now = new TreeMap<>();
        target.forEach((table, rows) -> {
            long one = before.getOrDefault(table, rows);
            long other = after.getOrDefault(table, rows);
            int side = rows < Math.min(one, other) ? -1 : rows > Math.max(one, other) ? 1 : 0;
            boolean goesOn = first || sides.getOrDefault(table, 0) == side;
            if (side != 0 && goesOn) {
                now.put(table, new Gap(table, other, rows));
                sides.put(table, side);
            }
        });
        if (first) {
            open.putAll(now);
        } else {
            open.keySet().retainAll(now.keySet());
            open.replaceAll((table, gap) -> now.getOrDefault(table, gap));
        }
        first = false;
    }

    /** Tables that differed in every round so far; only these need another one. */
    public List<Gap> open() {
        return List.copyOf(open.values());
    }

    /** For a message: the first five. */
    public static String words(List<Gap> gaps) {
        return gaps.stream().limit(5).map(Gap::toString).collect(Collectors.joining("; "))
                + (gaps.size() > 5 ? "; and " + (gaps.size() - 5) + " more" : "");
    }
}
