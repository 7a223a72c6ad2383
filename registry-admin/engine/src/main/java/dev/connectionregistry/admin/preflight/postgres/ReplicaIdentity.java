package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.plan.IdentityFix;
import dev.connectionregistry.admin.replication.postgres.RowIdentityReader;
import dev.connectionregistry.admin.replication.postgres.RowIdentityReader.Identified;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tables have a replica identity, on both servers: after the switch the target publishes.
 *
 * @param source its tables
 * @param target empty if it can't be asked: then both are assumed to need what the source needs
 */
record ReplicaIdentity(List<Table> source, Optional<List<Table>> target) {
    private static final String CHANGES = CatalogSql.sql("""
            SELECT n.nspname, c.relname,
                   pg_catalog.pg_stat_get_tuples_updated(c.oid) + pg_catalog.pg_stat_get_tuples_deleted(c.oid)
            FROM {relations}
            WHERE {own} AND c.relkind = 'r' AND c.relpersistence = 'p'
            ORDER BY {by name}
            """);

    /**
     * A table of a server.
     *
     * @param changes updates and deletes that the server has counted
     * @param lacks whether it has no usable replica identity
     * @param fix what helps
     */
    record Table(String name, long changes, boolean lacks, IdentityFix fix) {}

    static ReplicaIdentity read(Servers servers) throws ServerException {
        List<Table> source = tables(servers.source());
        try {
            return new ReplicaIdentity(source, Optional.of(tables(servers.target())));
        } catch (ServerException e) {
            if (source.stream().noneMatch(Table::lacks)) {
                throw e;
            }
            return new ReplicaIdentity(source, Optional.empty());
        }
    }

    private static List<Table> tables(Server server) throws ServerException {
        return server.call((session, end) -> {
            Map<TableName, Identified> identities = RowIdentityReader.all(session, end);
            return session.query(end, CHANGES, row -> table(row, identities)).stream()
                    .flatMap(Optional::stream)
                    .toList();
        });
    }

    /** Empty for a table that was made or dropped between the two queries. */
    private static Optional<Table> table(ResultSet row, Map<TableName, Identified> identities) throws SQLException {
        long changes = row.getLong(3);
        return Optional.ofNullable(identities.get(new TableName(row.getString(1), row.getString(2))))
                .map(each -> new Table(each.sql(), changes, !each.identity().findsRows(), each.fix()));
    }

    Finding judge() {
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
                        NameLists.count(all.size(), "table") + " without" + where
                                + ", which had no update or delete since the statistics began: "
                                + NameLists.some(NameLists.each(all, Table::name)),
                        remedies)
                : Finding.fail(
                        NameLists.count(all.size(), "table") + " without" + where
                                + ", of which these are updated or deleted from: "
                                + NameLists.some(NameLists.each(
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
        here.forEach(table -> table.fix().statements().forEach(each -> remedies.add(Remedy.onSource(each))));
        there.forEach(table -> table.fix().statements().forEach(each -> remedies.add(Remedy.onTarget(each))));
        remedies.add(Remedy.advice("run each on the server that it names, or updates are refused once the table is"
                + " published: on the target after the switch"));
        Stream.concat(here.stream(), there.stream()).distinct().forEach(table -> remedies.addAll(advice(table)));
        return remedies.stream().distinct().toList();
    }

    private static List<Remedy> advice(Table table) {
        List<Remedy> advice = new ArrayList<>();
        IdentityFix fix = table.fix();
        if (!fix.why().isEmpty()) {
            advice.add(Remedy.advice(fix.why()));
        }
        if (fix.statements().isEmpty()) {
            advice.add(
                    Remedy.advice("give " + table.name() + ", or the table that it is a partition of, a primary key on"
                            + " both servers, and a publication that sends only some columns all of that key"));
        } else if (fix.full()) {
            advice.add(Remedy.advice("better, since FULL is slow for large tables: give " + table.name()
                    + " a primary key on both servers"));
        }
        return advice;
    }
}
