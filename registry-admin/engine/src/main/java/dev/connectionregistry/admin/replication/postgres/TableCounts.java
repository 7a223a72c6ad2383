package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Counts and estimates rows of several tables in one round trip. Over one session; for one thread. */
public final class TableCounts {
    /** Only tables that the role may count: what row security hides from it can't be compared. */
    private static final String SIZES = """
            SELECT n.nspname, c.relname, greatest(c.reltuples, s.n_live_tup, 0)::bigint, pg_catalog.pg_relation_size(c.oid)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
            WHERE c.relkind = 'r' AND c.relpersistence = 'p'
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
              AND NOT pg_catalog.row_security_active(c.oid)
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e')
            """;

    private static final String FOLLOWED = """
            WITH RECURSIVE down AS (
              SELECT r.srrelid AS oid FROM pg_catalog.pg_subscription_rel r WHERE r.srsubstate = 'r'
              UNION SELECT i.inhrelid FROM down d JOIN pg_catalog.pg_inherits i ON i.inhparent = d.oid
                JOIN pg_catalog.pg_class p ON p.oid = d.oid AND p.relkind = 'p')
            SELECT n.nspname, c.relname FROM down d JOIN pg_catalog.pg_class c ON c.oid = d.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
            """;

    private static final String PUBLICATIONS = """
            SELECT DISTINCT unnest(s.subpublications) FROM pg_catalog.pg_subscription s
            WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            """;

    /** Schema, name, row filter, whether rows come and go. A published root stands for its partitions. */
    private static final String PUBLISHED = """
            WITH RECURSIVE published AS (
              SELECT c.oid, coalesce(to_jsonb(t) ->> 'rowfilter', '') AS filter, p.pubinsert AND p.pubdelete AS whole
              FROM pg_catalog.pg_publication_tables t JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
              WHERE t.pubname = ANY (?::text[])),
            down AS (SELECT * FROM published UNION ALL SELECT i.inhrelid, d.filter, d.whole FROM down d
              JOIN pg_catalog.pg_inherits i ON i.inhparent = d.oid
              JOIN pg_catalog.pg_class p ON p.oid = d.oid AND p.relkind = 'p')
            SELECT n.nspname, c.relname, d.filter, d.whole FROM down d JOIN pg_catalog.pg_class c ON c.oid = d.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
            """;

    private final Session session;

    /** Works over {@code session}, which the caller closes. */
    public TableCounts(Session session) {
        this.session = session;
    }

    /** The sizes of the tables that the role may count. */
    public List<TableSize> sizes(Duration bound) throws ServerException {
        return session.ask(
                "estimate the rows of tables",
                bound,
                SIZES,
                row -> new TableSize(
                        new TableName(row.getString(1), row.getString(2)), row.getLong(3), row.getLong(4)));
    }

    /** What the subscriptions of this database bring. */
    public FollowedTables followed(Duration bound) throws ServerException {
        return session.call(
                "look at the tables of subscriptions",
                Remedies.NONE,
                bound,
                end -> new FollowedTables(
                        new HashSet<>(
                                session.query(end, FOLLOWED, row -> new TableName(row.getString(1), row.getString(2)))),
                        new HashSet<>(session.query(end, PUBLICATIONS, row -> row.getString(1)))));
    }

    /** Tables of which these publications contain all rows, and all inserts and deletes. */
    public Set<TableName> published(Set<String> publications, Duration bound) throws ServerException {
        Map<TableName, List<String>> filters = new HashMap<>();
        session.ask(
                "look at publications",
                bound,
                PUBLISHED,
                row -> {
                    List<String> all = filters.computeIfAbsent(
                            new TableName(row.getString(1), row.getString(2)), name -> new ArrayList<>());
                    return row.getBoolean(4) && all.add(row.getString(3));
                },
                publications);
        return filters.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty() && SliceFilter.areWhole(each.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** How many rows each has, in one statement, and so at one moment. */
    public Map<TableName, Long> count(Collection<TableName> tables, Duration bound) throws ServerException {
        List<TableName> all = List.copyOf(tables);
        if (all.isEmpty()) {
            return Map.of();
        }
        String sql = IntStream.range(0, all.size())
                .mapToObj(i ->
                        "SELECT " + i + ", count(*) FROM ONLY " + all.get(i).sql())
                .collect(Collectors.joining(" UNION ALL "));
        Map<TableName, Long> counts = new TreeMap<>();
        session.ask(
                "count the rows of " + Plural.of(all.size(), "table"),
                Remedies.READ_TABLE,
                bound,
                sql,
                row -> counts.put(all.get(row.getInt(1)), row.getLong(2)) == null);
        return counts;
    }
}
