package dev.connectionregistry.samples.fleet.measure;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Every acknowledged row looked for on the target.
 *
 * @param acknowledged rows that callers were told are safe
 * @param lost of these, how many are not there
 * @param doubled of all rows there, how many are one too many
 * @param unclaimed rows there that nobody was told of: work that failed although it was committed
 */
public record RowCount(long acknowledged, long lost, long doubled, long unclaimed) {

    /** Compares what was acknowledged with what is there. */
    public static RowCount of(List<Done> work, List<FoundRow> rows) {
        Set<UUID> orders = new HashSet<>();
        Set<UUID> lines = new HashSet<>();
        Set<UUID> events = new HashSet<>();
        for (Done done : work) {
            if (!done.failed() && done.work().writes()) {
                orders.add(done.order());
                if (done.work().writesLine()) {
                    lines.add(done.order());
                }
                if (done.work() == Work.CHECKOUT) {
                    events.add(done.order());
                }
            }
        }
        return compare(orders, rows, FoundRow.Table.ORDERS)
                .and(compare(lines, rows, FoundRow.Table.ORDER_LINES))
                .and(compare(events, rows, FoundRow.Table.EVENTS));
    }

    private RowCount and(RowCount more) {
        return new RowCount(
                acknowledged + more.acknowledged, lost + more.lost, doubled + more.doubled, unclaimed + more.unclaimed);
    }

    private static RowCount compare(Set<UUID> acknowledged, List<FoundRow> rows, FoundRow.Table table) {
        Map<UUID, Integer> found = new HashMap<>();
        for (FoundRow row : rows) {
            if (row.table() == table) {
                found.merge(row.order(), 1, Integer::sum);
            }
        }
        long lost = acknowledged.stream().filter(id -> !found.containsKey(id)).count();
        long doubled = found.values().stream().mapToLong(count -> count - 1).sum();
        long unclaimed =
                found.keySet().stream().filter(id -> !acknowledged.contains(id)).count();
        return new RowCount(acknowledged.size(), lost, doubled, unclaimed);
    }
}
