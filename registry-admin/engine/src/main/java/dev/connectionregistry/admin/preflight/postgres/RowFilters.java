package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of which publications contain only some rows or columns, each with its filters. All slices of a table
 * together are the whole table; any other filter leaves rows out.
 *
 * @param byTable the filters as the source writes them, an empty one if a publication has no filter for the table; if
 *     it leaves out columns, these are listed in place of a filter
 */
record RowFilters(Map<String, List<String>> byTable) {
    private static final int FILTERS = 15;
    private static final String READ = CatalogSql.sql("""
            SELECT {name},
                   coalesce('without ' || (
                       SELECT string_agg(pg_catalog.quote_ident(a.attname), ', ')
                       FROM pg_catalog.pg_attribute a
                       WHERE a.attrelid = r.prrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                         AND r.prattrs IS NOT NULL AND NOT a.attnum = ANY (r.prattrs::int2[])),
                       pg_catalog.pg_get_expr(r.prqual, r.prrelid), '')
            FROM pg_catalog.pg_publication_rel r
            JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
            JOIN ({relations}) ON c.oid = r.prrelid
            WHERE p.pubname = ANY (?::text[])
            """);

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

    /** Tables that have rows or columns in no publication. */
    List<String> incomplete() {
        return byTable.entrySet().stream()
                .filter(each -> !SliceFilter.areWhole(each.getValue()))
                .map(each -> each.getKey() + " (" + each.getValue().size() + " with a row filter or a column list)")
                .toList();
    }

    /**
     * Sliced tables that fewer subscriptions contain than there are slices, given every table of every subscription.
     */
    List<String> halfTaken(List<String> subscribed) {
        return byTable.entrySet().stream()
                .filter(each -> !each.getValue().contains("")
                        && Collections.frequency(subscribed, each.getKey())
                                < each.getValue().size())
                .map(Map.Entry::getKey)
                .toList();
    }
}
