package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** Owners of tables whose rights a role doesn't have. */
final class Owners {
    private static final String FOREIGN =
            "SELECT pg_catalog.quote_ident(o.rolname), o.rolsuper, min(" + CatalogSql.NAME + ")"
                    + CatalogSql.relations(" JOIN pg_catalog.pg_roles o ON o.oid = c.relowner")
                    + " AND c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_has_role(o.oid, ?) GROUP BY 1, 2 ORDER BY 1";

    private Owners() {}

    /**
     * Their names; adds what helps to {@code remedies}.
     *
     * @param how which way the role must have their rights: {@code USAGE} or {@code MEMBER}
     */
    static List<String> foreign(Server server, String how, List<Remedy> remedies) throws ServerException {
        return server.query(
                FOREIGN,
                row -> {
                    remedies.add(remedy(server, row.getString(1), row.getBoolean(2), row.getString(3)));
                    return row.getString(1);
                },
                how);
    }

    /** Nobody should get a superuser's rights only to copy tables. */
    private static Remedy remedy(Server server, String owner, boolean superuser, String table) {
        return superuser
                ? Remedy.advice("give the tables of the superuser " + owner + " on the "
                        + server.side().word() + " an ordinary owner (ALTER TABLE " + table
                        + " OWNER TO ...), or have a superuser set replication up")
                : server.give("GRANT " + owner + " TO " + server.role() + ";");
    }

    /** {@code doesn't own the tables of a, b}; empty if there are none. */
    static List<String> lack(String sentence, List<String> owners) {
        List<String> lacks = new ArrayList<>();
        if (!owners.isEmpty()) {
            lacks.add(sentence + " " + NameLists.some(owners));
        }
        return lacks;
    }
}
