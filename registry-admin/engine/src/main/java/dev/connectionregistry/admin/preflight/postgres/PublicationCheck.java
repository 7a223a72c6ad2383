package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** What is published is every table, with all its rows and every kind of change; slices are without TRUNCATE on purpose. */
final class PublicationCheck implements ServerCheck {
    private static final String UNPUBLISHED = "WITH RECURSIVE t AS (SELECT c.oid, " + CatalogSql.NAME + " AS name"
            + CatalogSql.RELATIONS + " AND c.relkind = 'r' AND c.relpersistence = 'p'),"
            + " up (leaf, oid) AS (SELECT t.oid, t.oid FROM t UNION ALL SELECT up.leaf, i.inhparent FROM up"
            + " JOIN pg_catalog.pg_inherits i ON i.inhrelid = up.oid"
            + " JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p')"
            + " SELECT t.name FROM t WHERE NOT EXISTS (SELECT FROM up JOIN pg_catalog.pg_class c ON c.oid = up.oid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_publication_tables p"
            + " ON p.schemaname = n.nspname AND p.tablename = c.relname"
            + " WHERE up.leaf = t.oid AND p.pubname = ANY (?::text[])) ORDER BY t.name COLLATE \"C\"";
    private static final String PARTIAL = "SELECT pg_catalog.quote_ident(p.pubname) FROM pg_catalog.pg_publication p"
            + " WHERE p.pubname = ANY (?::text[]) AND NOT (p.pubinsert AND p.pubupdate AND p.pubdelete"
            + " AND (coalesce((to_jsonb(p) ->> 'pubtruncate')::boolean, true)"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid"
            + " AND to_jsonb(r) ->> 'prqual' IS NOT NULL))) ORDER BY 1";
    private static final String PUBLISHED = "SELECT DISTINCT pg_catalog.format('%I.%I', schemaname, tablename)"
            + " FROM pg_catalog.pg_publication_tables WHERE pubname = ANY (?::text[]) ORDER BY 1";
    private static final String SUBSCRIBED = "SELECT " + CatalogSql.NAME + " FROM pg_catalog.pg_subscription_rel r"
            + " JOIN pg_catalog.pg_class c ON c.oid = r.srrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";
    private static final String COPYING = "SELECT count(*) FROM pg_catalog.pg_subscription_rel WHERE srsubstate <> 'r'";

    @Override
    public About about() {
        return new About(
                "publication",
                Group.REPLICATION,
                "A table that was added after the start is not published by itself, and its rows are forgotten.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Feeds feeds = servers.feeds();
        if (feeds.working().isEmpty()) {
            return Feeds.notYet();
        }
        List<String> partial = servers.source().texts(PARTIAL, feeds.publications());
        List<String> unpublished = servers.source().texts(UNPUBLISHED, feeds.publications());
        List<String> unsubscribed = new ArrayList<>(servers.source().texts(PUBLISHED, feeds.publications()));
        List<String> subscribed = servers.target().texts(SUBSCRIBED);
        unsubscribed.removeAll(subscribed);
        RowFilters filters = RowFilters.read(servers, feeds.publications());
        filters.halfTaken(subscribed).stream()
                .filter(each -> !unsubscribed.contains(each))
                .forEach(unsubscribed::add);
        long copying = servers.target().one(COPYING, row -> row.getLong(1));
        return judge(servers, partial, unpublished, filters.incomplete(), unsubscribed, copying);
    }

    private static Finding judge(
            Servers servers,
            List<String> partial,
            List<String> unpublished,
            List<String> incomplete,
            List<String> unsubscribed,
            long copying)
            throws ServerException {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        Feeds feeds = servers.feeds();
        if (!partial.isEmpty()) {
            wrong.add("not every kind of change is in publication " + NameLists.some(partial));
            partial.forEach(name -> remedies.add(Remedy.onSource(
                    "ALTER PUBLICATION " + name + " SET (publish = 'insert, update, delete, truncate');")));
        }
        if (!unpublished.isEmpty()) {
            wrong.add(NameLists.count(unpublished.size(), "table") + " not published: " + NameLists.some(unpublished));
            String publication =
                    SqlText.identifier(feeds.publications().iterator().next());
            unpublished.forEach(table ->
                    remedies.add(Remedy.onSource("ALTER PUBLICATION " + publication + " ADD TABLE " + table + ";")));
        }
        if (!incomplete.isEmpty()) {
            wrong.add("not all rows and columns are in a publication of: " + NameLists.some(incomplete));
            remedies.add(Feeds.start(servers));
        }
        if (!unsubscribed.isEmpty()) {
            wrong.add(NameLists.count(unsubscribed.size(), "table") + " published, but not known to a subscription: "
                    + NameLists.some(unsubscribed));
        }
        if (!unpublished.isEmpty() || !unsubscribed.isEmpty()) {
            feeds.subscriptions()
                    .forEach(name -> remedies.add(Remedy.onTarget(
                            "ALTER SUBSCRIPTION " + SqlText.identifier(name) + " REFRESH PUBLICATION;")));
        }
        if (wrong.isEmpty()) {
            return Finding.pass("every table is published and subscribed to");
        }
        return copying > 0 && partial.isEmpty()
                ? Finding.notYet(String.join("; ", wrong) + "; " + NameLists.count(copying, "table") + " being copied")
                : Finding.fail(String.join("; ", wrong), remedies);
    }
}
