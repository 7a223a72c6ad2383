package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which of the source's tables are published and subscribed to. It should be every table, with all its rows and every
 * kind of change; slices leave TRUNCATE out on purpose.
 *
 * @param feeds the subscriptions
 * @param partial publications without some kind of change, in quotes where they need them
 * @param unpublished tables that are in no publication
 * @param filters which rows and columns of tables the publications include
 * @param unsubscribed tables that are published, but that no subscription knows
 * @param filled tables that have, or had, rows on the target
 * @param copying how many tables are being copied
 */
record PublishedTables(
        Feeds feeds,
        List<String> partial,
        List<String> unpublished,
        RowFilters filters,
        List<String> unsubscribed,
        List<String> filled,
        long copying) {
    /** A table is published by itself, or through a partitioned table above it. */
    private static final String UNPUBLISHED = CatalogSql.sql("""
            WITH RECURSIVE t AS (
                SELECT c.oid, {name} AS name
                FROM {relations}
                WHERE {own} AND c.relkind = 'r' AND c.relpersistence = 'p'
            ), up (leaf, oid) AS (
                SELECT t.oid, t.oid FROM t
                UNION ALL
                SELECT up.leaf, i.inhparent
                FROM up
                JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.oid
                JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
            )
            SELECT t.name
            FROM t
            WHERE NOT EXISTS (
                SELECT FROM up
                JOIN ({relations}) ON c.oid = up.oid
                JOIN pg_catalog.pg_publication_tables p ON p.schemaname = n.nspname AND p.tablename = c.relname
                WHERE up.leaf = t.oid AND p.pubname = ANY (?::text[]))
            ORDER BY t.name COLLATE "C"
            """);

    private static final String PARTIAL = """
            SELECT pg_catalog.quote_ident(p.pubname)
            FROM pg_catalog.pg_publication p
            WHERE p.pubname = ANY (?::text[])
              AND NOT (p.pubinsert AND p.pubupdate AND p.pubdelete
                  AND (coalesce((to_jsonb(p) ->> 'pubtruncate')::boolean, true)
                      OR EXISTS (
                          SELECT FROM pg_catalog.pg_publication_rel r
                          WHERE r.prpubid = p.oid AND to_jsonb(r) ->> 'prqual' IS NOT NULL)))
            ORDER BY 1
            """;
    private static final String PUBLISHED = """
            SELECT DISTINCT pg_catalog.format('%I.%I', schemaname, tablename)
            FROM pg_catalog.pg_publication_tables
            WHERE pubname = ANY (?::text[])
            ORDER BY 1
            """;
    private static final String SUBSCRIBED = CatalogSql.sql("""
            SELECT {name} FROM pg_catalog.pg_subscription_rel r JOIN ({relations}) ON c.oid = r.srrelid
            """);

    private static final String FILLED = CatalogSql.sql("""
            SELECT {name}
            FROM {relations}
            WHERE {own} AND c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) > 0
            ORDER BY {name} COLLATE "C"
            """);

    static PublishedTables read(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        Server source = servers.source();
        List<String> unsubscribed = new ArrayList<>(source.texts(PUBLISHED, feeds.publications()));
        List<String> subscribed = servers.target().texts(SUBSCRIBED);
        unsubscribed.removeAll(subscribed);
        RowFilters filters = RowFilters.read(servers, feeds.publications());
        filters.halfTaken(subscribed).stream()
                .filter(each -> !unsubscribed.contains(each))
                .forEach(unsubscribed::add);
        return new PublishedTables(
                feeds,
                source.texts(PARTIAL, feeds.publications()),
                source.texts(UNPUBLISHED, feeds.publications()),
                filters,
                unsubscribed,
                servers.target().texts(FILLED),
                servers.target().one(ReplicationChecks.COPYING, row -> row.getLong(1)));
    }

    Finding judge(Subject subject) {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (!partial.isEmpty()) {
            wrong.add("not every kind of change is in publication " + NameLists.some(partial));
            partial.forEach(name -> remedies.add(Remedy.onSource(
                    "ALTER PUBLICATION " + name + " SET (publish = 'insert, update, delete, truncate');")));
        }
        if (!unpublished.isEmpty()) {
            wrong.add(NameLists.count(unpublished.size(), "table") + " not published: " + NameLists.some(unpublished));
            String publication = Sql.identifier(feeds.publications().iterator().next());
            unpublished.forEach(table ->
                    remedies.add(Remedy.onSource("ALTER PUBLICATION " + publication + " ADD TABLE " + table + ";")));
        }
        if (!filters.incomplete().isEmpty()) {
            wrong.add("not all rows and columns are in a publication of: " + NameLists.some(filters.incomplete()));
            remedies.add(subject.start());
        }
        if (!unsubscribed.isEmpty()) {
            wrong.add(NameLists.count(unsubscribed.size(), "table") + " published, but not known to a subscription: "
                    + NameLists.some(unsubscribed));
        }
        if (!unpublished.isEmpty() || !unsubscribed.isEmpty()) {
            String emptied = filled.stream()
                    .filter(each -> unpublished.contains(each) || unsubscribed.contains(each))
                    .collect(Collectors.joining(", "));
            if (!emptied.isEmpty()) { // or the copy would meet rows that are there already, and fail again and again
                remedies.add(Remedy.onTarget("TRUNCATE " + emptied + ";"));
            }
            feeds.subscriptions()
                    .forEach(name -> remedies.add(
                            Remedy.onTarget("ALTER SUBSCRIPTION " + Sql.identifier(name) + " REFRESH PUBLICATION;")));
        }
        if (wrong.isEmpty()) {
            return Finding.pass("every table is published and subscribed to");
        }
        return copying > 0 && partial.isEmpty()
                ? Finding.notYet(String.join("; ", wrong) + "; " + NameLists.count(copying, "table") + " being copied")
                : Finding.fail(String.join("; ", wrong), remedies);
    }
}
