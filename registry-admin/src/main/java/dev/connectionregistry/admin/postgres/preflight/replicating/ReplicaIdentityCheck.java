package dev.connectionregistry.admin.postgres.preflight.replicating;

import dev.connectionregistry.admin.postgres.preflight.ground.Catalog;
import dev.connectionregistry.admin.postgres.preflight.ground.Names;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every table says which row it was. */
final class ReplicaIdentityCheck implements ServerCheck {
    private static final String WITHOUT = "SELECT " + Catalog.NAME + ","
            + " pg_catalog.pg_stat_get_tuples_updated(c.oid) + pg_catalog.pg_stat_get_tuples_deleted(c.oid),"
            + " (SELECT pg_catalog.quote_ident(x.relname) FROM pg_catalog.pg_index i"
            + " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisunique"
            + " AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL"
            + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
            + " AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull) ORDER BY i.indnatts, x.relname LIMIT 1)"
            + Catalog.RELATIONS + " AND c.relkind = 'r' AND c.relpersistence = 'p' AND CASE c.relreplident"
            + " WHEN 'f' THEN false WHEN 'n' THEN true"
            + " WHEN 'i' THEN NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
            + " AND i.indisreplident AND i.indisvalid)"
            + " ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
            + " AND i.indisprimary AND i.indisvalid) END" + Catalog.ORDER;

    /** One without; {@code index} is a unique one that would do. */
    record Table(String name, long changes, @Nullable String index) {}

    @Override
    public About about() {
        return new About(
                "replica-identity",
                Group.REPLICATION,
                "Without a primary key or a replica identity, updates and deletes of a published table are refused.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        return judge(
                servers.source().query(WITHOUT, row -> new Table(row.getString(1), row.getLong(2), row.getString(3))));
    }

    static Finding judge(List<Table> tables) {
        if (tables.isEmpty()) {
            return Finding.pass("every table has a primary key or a replica identity");
        }
        List<Table> changed =
                tables.stream().filter(table -> table.changes() > 0).toList();
        List<Remedy> remedies =
                tables.stream().flatMap(table -> remedies(table).stream()).toList();
        return changed.isEmpty()
                ? Finding.warn(
                        Names.count(tables.size(), "table")
                                + " without, which had no update or delete since the statistics" + " began: "
                                + Names.some(Names.each(tables, Table::name)),
                        remedies)
                : Finding.fail(
                        Names.count(tables.size(), "table") + " without, of which these are updated or deleted from: "
                                + Names.some(Names.each(
                                        changed, table -> table.name() + " (" + table.changes() + " times)")),
                        remedies);
    }

    private static List<Remedy> remedies(Table table) {
        if (table.index() != null) {
            return List.of(Remedy.onSource(
                    "ALTER TABLE " + table.name() + " REPLICA IDENTITY USING INDEX " + table.index() + ";"));
        }
        return List.of(
                Remedy.onSource("ALTER TABLE " + table.name() + " REPLICA IDENTITY FULL;"),
                Remedy.advice("better, since FULL is slow for large tables: give " + table.name()
                        + " a primary key on both" + " servers"));
    }
}
