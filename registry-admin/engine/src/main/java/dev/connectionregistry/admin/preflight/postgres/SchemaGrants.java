package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** In which schemas a role lacks something on relations, and the statements that grant it. */
final class SchemaGrants {
    private static final String USAGE = "NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')";

    private SchemaGrants() {}

    /** What somebody needs: for whom, on which relations, under which condition it is missing. */
    record Need(String kinds, String missing, String grant) {}

    /** The names of relations on which it is missing; adds the statements to {@code remedies}. */
    static List<String> missing(Server server, Need need, List<Remedy> remedies) throws ServerException {
        Set<String> schemas = new TreeSet<>();
        List<String> names = server.query(
                "SELECT " + CatalogSql.NAME + ", pg_catalog.quote_ident(n.nspname)" + CatalogSql.RELATIONS
                        + " AND c.relkind IN (" + need.kinds() + ") AND (" + USAGE + " OR " + need.missing() + ")"
                        + CatalogSql.ORDER,
                row -> {
                    schemas.add(row.getString(2));
                    return row.getString(1);
                });
        for (String schema : schemas) {
            remedies.add(server.give("GRANT USAGE ON SCHEMA " + schema + " TO " + server.role() + ";"));
            remedies.add(server.give("GRANT " + need.grant() + " IN SCHEMA " + schema + " TO " + server.role() + ";"));
        }
        return names;
    }
}
