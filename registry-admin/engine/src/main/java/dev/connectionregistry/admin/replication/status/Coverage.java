package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.PublishedTable;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How much of each published table is published, and subscribed to. Pure. */
final class Coverage {
    private final Map<TableName, List<PublishedTable>> published = new TreeMap<>();
    private final ReplicationFacts facts;

    Coverage(ReplicationFacts facts) {
        this.facts = facts;
        facts.published().forEach(each -> published
                .computeIfAbsent(each.table(), name -> new ArrayList<>())
                .add(each));
    }

    /** Published tables that lack a subscription, or one for a slice. */
    List<TableName> untaken() {
        return published.entrySet().stream()
                .filter(each -> taken(each.getKey()) < wanted(each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private long taken(TableName table) {
        return facts.tables().stream()
                .filter(each -> each.table().equals(table))
                .count();
    }

    /** Each slice has a subscription of its own. */
    private static long wanted(List<PublishedTable> parts) {
        return parts.stream().allMatch(each -> SliceFilter.slicesOf(each.filter()) > 0) ? parts.size() : 1;
    }

    /**
     * Tables with rows or columns that no publication contains, each with what is missing; without those that are
     * {@code leftOut}.
     */
    List<String> partial(Predicate<TableName> leftOut) {
        return published.entrySet().stream()
                .filter(each -> !leftOut.test(each.getKey()) && !isWhole(each.getValue()))
                .map(each -> each.getKey() + " (" + missing(each.getValue()) + ")")
                .toList();
    }

    private static boolean isWhole(List<PublishedTable> parts) {
        return SliceFilter.areWhole(parts.stream()
                .filter(each -> each.missingColumns().isEmpty())
                .map(PublishedTable::filter)
                .toList());
    }

    private static String missing(List<PublishedTable> parts) {
        for (PublishedTable each : parts) {
            if (!each.missingColumns().isEmpty()) {
                return "without " + each.missingColumns();
            }
        }
        int slices = SliceFilter.slicesOf(parts.get(0).filter());
        return slices > 0
                ? parts.size() + " of " + slices + " slices"
                : "only where " + parts.get(0).filter();
    }
}
