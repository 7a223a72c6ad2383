package dev.connectionregistry.admin.postgres.preflight.replicating;

import dev.connectionregistry.admin.postgres.preflight.ground.Catalog;
import dev.connectionregistry.admin.postgres.preflight.ground.Names;
import dev.connectionregistry.admin.postgres.preflight.ground.Server;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.postgres.preflight.ground.Side;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every table says which row it was, on both servers: after the switch the target publishes. */
final class ReplicaIdentityCheck implements ServerCheck {
    private static final String TABLES = "SELECT " + Catalog.NAME + ","
            + " pg_catalog.pg_stat_get_tuples_updated(c.oid) + pg_catalog.pg_stat_get_tuples_deleted(c.oid),"
            + " (SELECT pg_catalog.quote_ident(x.relname) FROM pg_catalog.pg_index i"
            + " JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisunique"
            + " AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL"
            + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
            + " AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull) ORDER BY i.indnatts, x.relname LIMIT 1),"
            + " CASE c.relreplident WHEN 'f' THEN false WHEN 'n' THEN true"
            + " WHEN 'i' THEN NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
            + " AND i.indisreplident AND i.indisvalid)"
            + " ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
            + " AND i.indisprimary AND i.indisvalid) END"
            + Catalog.RELATIONS + " AND c.relkind = 'r' AND c.relpersistence = 'p'" + Catalog.ORDER;

    /**
     * A table of a server.
     *
     * @param changes updates and deletes that the server has counted
     * @param index a unique one that would do; null for none
     * @param lacks whether nothing says which row it was
     */
    record Table(String name, long changes, @Nullable String index, boolean lacks) {}

    @Override
    public About about() {
        return new About(
                "replica-identity",
                Group.REPLICATION,
                "Without a primary key or a replica identity, updates and deletes of a published table are refused.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<Table> source = tables(servers.source());
        try {
            return judge(source, Optional.of(tables(servers.target())));
        } catch (ServerException e) {
            if (source.stream().noneMatch(Table::lacks)) {
                throw e;
            }
            return judge(source, Optional.empty());
        }
    }

    private static List<Table> tables(Server server) throws ServerException {
        return server.query(
                TABLES, row -> new Table(row.getString(1), row.getLong(2), row.getString(3), row.getBoolean(4)));
    }

    /** {@code target} is empty if it can't be asked: then what the source needs is taken for what both need. */
    static Finding judge(List<Table> source, Optional<List<Table>> target) {
        Set<String> known = names(source);
        List<Table> here = source.stream().filter(Table::lacks).toList();
        List<Table> there = target.orElse(source).stream()
                .filter(each -> each.lacks() && known.contains(each.name()))
                .toList();
        if (here.isEmpty() && there.isEmpty()) {
            return Finding.pass("every table has a primary key or a replica identity, on both servers");
        }
        Set<String> onTarget = names(there);
        List<Table> all = source.stream()
                .filter(each -> each.lacks() || onTarget.contains(each.name()))
                .toList();
        List<Table> changed = all.stream().filter(each -> each.changes() > 0).toList();
        String where = where(here, there) + (target.isEmpty() ? " (the target can't be asked)" : "");
        List<Remedy> remedies = remedies(here, there);
        return changed.isEmpty()
                ? Finding.warn(
                        Names.count(all.size(), "table") + " without" + where
                                + ", which had no update or delete since the statistics began: "
                                + Names.some(Names.each(all, Table::name)),
                        remedies)
                : Finding.fail(
                        Names.count(all.size(), "table") + " without" + where
                                + ", of which these are updated or deleted from: "
                                + Names.some(Names.each(
                                        changed, table -> table.name() + " (" + table.changes() + " times)")),
                        remedies);
    }

    private static Set<String> names(List<Table> tables) {
        return tables.stream().map(Table::name).collect(Collectors.toSet());
    }

    private static String where(List<Table> here, List<Table> there) {
        if (here.isEmpty()) {
            return " on the target";
        }
        return there.isEmpty() ? " on the source" : "";
    }

    private static List<Remedy> remedies(List<Table> here, List<Table> there) {
        List<Remedy> remedies = new ArrayList<>();
        here.forEach(table -> remedies.add(Side.SOURCE.remedy(statement(table))));
        there.forEach(table -> remedies.add(Side.TARGET.remedy(statement(table))));
        remedies.add(
                Remedy.advice("each where it says, or updates are refused there once it is published: on the target"
                        + " after the switch"));
        Stream.concat(here.stream(), there.stream())
                .filter(table -> table.index() == null)
                .map(Table::name)
                .distinct()
                .forEach(name -> remedies.add(Remedy.advice("better, since FULL is slow for large tables: give " + name
                        + " a primary key on both servers")));
        return remedies;
    }

    private static String statement(Table table) {
        return "ALTER TABLE " + table.name() + " REPLICA IDENTITY "
                + (table.index() == null ? "FULL" : "USING INDEX " + table.index()) + ";";
    }
}
