package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Map;

/** Materialized views are filled on the target. */
final class MaterializedViewsCheck implements ServerCheck {
    private static final String VIEWS =
            "SELECT " + CatalogSql.NAME + ", c.relispopulated::text" + CatalogSql.RELATIONS + " AND c.relkind = 'm'";

    @Override
    public About about() {
        return new About(
                "materialized-views",
                Group.SCHEMA,
                "What a materialized view holds is not replicated: it is empty, or as old as its last refresh.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Map<String, String> source = servers.source().map(VIEWS);
        Map<String, String> target = servers.target().map(VIEWS);
        List<String> empty = source.keySet().stream()
                .filter(view -> "true".equals(source.get(view)) && "false".equals(target.get(view)))
                .toList();
        return empty.isEmpty()
                ? Finding.pass(source.isEmpty() ? "none" : source.size() + " are filled")
                : Finding.warn(
                        "empty on the target: " + NameLists.some(empty),
                        NameLists.each(empty, view -> Remedy.onTarget("REFRESH MATERIALIZED VIEW " + view + ";")));
    }
}
