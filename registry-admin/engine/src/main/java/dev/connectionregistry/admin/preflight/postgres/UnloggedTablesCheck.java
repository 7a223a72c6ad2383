package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.stream.Stream;

/** No table is unlogged. */
final class UnloggedTablesCheck implements ServerCheck {
    private static final String UNLOGGED = "SELECT " + CatalogSql.NAME + CatalogSql.RELATIONS
            + " AND c.relkind = 'r' AND c.relpersistence = 'u'" + CatalogSql.ORDER;

    @Override
    public About about() {
        return new About(
                "unlogged-tables",
                Group.SCHEMA,
                "Changes of unlogged tables are not in the log, so they are not replicated: their rows stay behind.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> tables = servers.source().texts(UNLOGGED);
        return tables.isEmpty()
                ? Finding.pass("none")
                : Finding.warn(
                        NameLists.count(tables.size(), "unlogged table") + ": " + NameLists.some(tables),
                        Stream.concat(
                                        tables.stream()
                                                .map(name -> Remedy.onSource("ALTER TABLE " + name + " SET LOGGED;")),
                                        Stream.of(Remedy.advice(
                                                "or copy them during the move, or do without their rows")))
                                .toList());
    }
}
