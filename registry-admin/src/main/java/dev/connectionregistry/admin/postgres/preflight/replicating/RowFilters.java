package dev.connectionregistry.admin.postgres.preflight.replicating;

import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of which publications hold only some rows, each with its filters. All slices of a table together are the whole; any other
 * filter leaves rows out.
 *
 * @param byTable the filters as the source writes them, an empty one where a publication has no filter for the table
 */
record RowFilters(Map<String, List<String>> byTable) {
    private static final int FILTERS = 15;
    private static final String READ = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),"
            + " coalesce(pg_catalog.pg_get_expr(r.prqual, r.prrelid), '') FROM pg_catalog.pg_publication_rel r"
            + " JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid JOIN pg_catalog.pg_class c ON c.oid = r.prrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ANY (?::text[])";

    /** Reads them from the source. */
    static RowFilters read(Servers servers, Collection<String> publications) throws ServerException {
        Map<String, List<String>> byTable = new TreeMap<>();
        if (servers.source().major() >= FILTERS) {
            servers.source()
                    .query(
                            READ,
                            row -> byTable.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                                    .add(row.getString(2)),
                            publications);
        }
        return new RowFilters(byTable);
    }

    /** Tables some of whose rows are in no publication. */
    List<String> incomplete() {
        return byTable.entrySet().stream()
                .filter(each -> !isWhole(each.getValue()))
                .map(each -> each.getKey() + " (" + each.getValue().size() + " with a row filter)")
                .toList();
    }

    /** Sliced tables that fewer subscriptions have taken up than there are slices, given every table of every subscription. */
    List<String> halfTaken(List<String> subscribed) {
        return byTable.entrySet().stream()
                .filter(each -> !each.getValue().contains("")
                        && Collections.frequency(subscribed, each.getKey())
                                < each.getValue().size())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isWhole(List<String> filters) {
        return filters.contains("") || areAllSlices(filters);
    }

    private static boolean areAllSlices(List<String> filters) {
        int slices = SliceFilter.slicesOf(filters.get(0));
        for (int number = 0; number < slices; number++) {
            int wanted = number;
            if (filters.stream().noneMatch(each -> SliceFilter.isOf(each, slices, wanted))) {
                return false;
            }
        }
        return slices > 0;
    }
}
