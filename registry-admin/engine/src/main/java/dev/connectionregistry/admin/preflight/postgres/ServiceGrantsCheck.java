package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The services' role may do on the target what it may do on the source. */
final class ServiceGrantsCheck implements ServerCheck {
    private static final String ROLE = " CROSS JOIN (SELECT oid AS role FROM pg_catalog.pg_roles WHERE rolname = ?) r";
    private static final String TABLES = "SELECT p || ' ON TABLE ' || " + CatalogSql.NAME
            + ", pg_catalog.has_table_privilege(r.role, c.oid, p)::text"
            + CatalogSql.relations(
                    ROLE + " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p")
            + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";
    private static final String SEQUENCES = "SELECT p || ' ON SEQUENCE ' || " + CatalogSql.NAME
            + ", pg_catalog.has_sequence_privilege(r.role, c.oid, p)::text"
            + CatalogSql.relations(ROLE + " CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p")
            + " AND c.relkind = 'S'";
    private static final String SCHEMAS = "SELECT p || ' ON SCHEMA ' || pg_catalog.quote_ident(n.nspname),"
            + " pg_catalog.has_schema_privilege(r.role, n.oid, p)::text FROM pg_catalog.pg_namespace n" + ROLE
            + " CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p"
            + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
    private static final String ROUTINES =
            "SELECT pg_catalog.format('EXECUTE ON ROUTINE %I.%I(%s)', n.nspname, f.proname,"
                    + " pg_catalog.pg_get_function_identity_arguments(f.oid)),"
                    + " pg_catalog.has_function_privilege(r.role, f.oid, 'EXECUTE')::text FROM pg_catalog.pg_proc f"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace" + ROLE
                    + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM"
                    + " pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = f.oid"
                    + " AND e.deptype = 'e')";
    private static final List<String> ALL = List.of(SCHEMAS, TABLES, SEQUENCES, ROUTINES);
    private static final String EXISTS = "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ?)";
    /** Up to Postgres 14 everybody had it on the schema public, and few need it. */
    private static final String CREATE = "CREATE ON SCHEMA ";

    @Override
    public About about() {
        return new About(
                "service-grants",
                Group.RIGHTS,
                "Grants are forgotten easily, and show only when the first service is refused.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        ServerPair pair = servers.subject().pair();
        String role = pair.targetSettings().username();
        if (!servers.target().is(EXISTS, role)) {
            return Finding.unknown(
                    "role " + SqlText.identifier(role) + " doesn't exist on the target; see service-role");
        }
        return judge(read(servers.source(), pair.sourceSettings().username()), read(servers.target(), role), role);
    }

    private static Map<String, String> read(Server server, String role) throws ServerException {
        Map<String, String> all = new TreeMap<>();
        for (String sql : ALL) {
            all.putAll(server.map(sql, role));
        }
        return all;
    }

    static Finding judge(Map<String, String> source, Map<String, String> target, String role) {
        List<String> missing = source.keySet().stream()
                .filter(right -> "true".equals(source.get(right)) && "false".equals(target.get(right)))
                .toList();
        if (missing.isEmpty()) {
            return Finding.pass("role " + SqlText.identifier(role) + " has the same rights on both");
        }
        String message = "role " + SqlText.identifier(role) + " lacks on the target: " + NameLists.some(missing);
        List<Remedy> remedies = NameLists.each(
                missing, right -> Remedy.onTarget("GRANT " + right + " TO " + SqlText.identifier(role) + ";"));
        return missing.stream().allMatch(right -> right.startsWith(CREATE))
                ? Finding.warn(message, remedies)
                : Finding.fail(message, remedies);
    }
}
