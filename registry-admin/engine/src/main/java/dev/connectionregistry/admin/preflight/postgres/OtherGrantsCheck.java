package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was granted to others is granted on the target too. */
final class OtherGrantsCheck implements ServerCheck {
    private static final String WHO = " CROSS JOIN LATERAL pg_catalog.aclexplode(%s) AS x"
            + " LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee";
    private static final String GRANTEE =
            " || ' TO ' || CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(g.rolname) END || ';', g.rolname";
    private static final String TABLES =
            "SELECT 'GRANT ' || x.privilege_type || CASE c.relkind WHEN 'S' THEN ' ON SEQUENCE '"
                    + " ELSE ' ON TABLE ' END || " + CatalogSql.NAME + GRANTEE
                    + CatalogSql.relations(String.format(Locale.ROOT, WHO, "c.relacl"))
                    + " AND x.grantee <> c.relowner AND x.privilege_type <> 'MAINTAIN' AND g.rolname IS DISTINCT FROM ?"
                    + " AND (x.grantee = 0 OR NOT g.rolsuper)";
    private static final String COLUMNS =
            "SELECT 'GRANT ' || x.privilege_type || ' (' || pg_catalog.quote_ident(a.attname)"
                    + " || ') ON TABLE ' || " + CatalogSql.NAME + GRANTEE
                    + CatalogSql.relations(
                            " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped"
                                    + String.format(Locale.ROOT, WHO, "a.attacl"))
                    + " AND x.grantee <> c.relowner AND (x.grantee = 0 OR NOT g.rolsuper)";
    private static final String SCHEMAS = "SELECT 'GRANT ' || x.privilege_type || ' ON SCHEMA '"
            + " || pg_catalog.quote_ident(n.nspname)" + GRANTEE + " FROM pg_catalog.pg_namespace n"
            + String.format(Locale.ROOT, WHO, "n.nspacl")
            + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND x.grantee NOT IN (0, n.nspowner)"
            + " AND NOT g.rolsuper AND g.rolname !~ '^pg_' AND g.rolname <> ?";
    private static final String ROLES = "SELECT rolname FROM pg_catalog.pg_roles";

    @Override
    public About about() {
        return new About(
                "other-grants",
                Group.RIGHTS,
                "Reports, jobs and people have rights of their own, which nothing copies.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        String service = servers.subject().pair().sourceSettings().username();
        Map<String, String> wanted = read(servers.source(), service);
        wanted.keySet().removeAll(read(servers.target(), "").keySet());
        if (wanted.isEmpty()) {
            return Finding.pass("the same on both");
        }
        Set<String> roles = new TreeSet<>(wanted.values());
        roles.remove("");
        roles.removeAll(servers.target().texts(ROLES));
        List<Remedy> remedies = new ArrayList<>();
        roles.forEach(role -> remedies.add(Remedy.onTarget("CREATE ROLE " + SqlText.identifier(role) + ";")));
        wanted.keySet().forEach(grant -> remedies.add(Remedy.onTarget(grant)));
        return Finding.warn(
                NameLists.count(wanted.size(), "grant") + " missing on the target: " + NameLists.some(wanted.keySet())
                        + (roles.isEmpty() ? "" : "; roles that don't exist there: " + NameLists.some(roles)),
                remedies);
    }

    private static Map<String, String> read(Server server, String service) throws ServerException {
        Map<String, String> all = new TreeMap<>(server.map(TABLES, service));
        all.putAll(server.map(COLUMNS));
        all.putAll(server.map(SCHEMAS, service));
        return all;
    }
}
