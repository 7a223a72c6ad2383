package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.postgres.Servers.Both;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks whether the services' role, and others, may do on the target what they may do on the source. */
final class ServiceRights {
    private ServiceRights() {}

    private static final String ROLE = CatalogSql.sql("""
            SELECT r.rolcanlogin, pg_catalog.has_database_privilege(r.oid, {database}, 'CONNECT'),
                   coalesce(r.rolvaliduntil < now(), false)
            FROM pg_catalog.pg_roles r WHERE r.rolname = ?
            """);
    private static final String MEMBER_OF = """
            SELECT g.rolname
            FROM pg_catalog.pg_auth_members m
            JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
            JOIN pg_catalog.pg_roles r ON r.oid = m.member
            WHERE r.rolname = ?
            ORDER BY 1
            """;

    /**
     * The services' role on the target, empty if it doesn't exist there; and the groups that it is in on the source,
     * but not on the target.
     */
    record ServiceRole(Optional<Attributes> role, List<String> missingGroups) {
        private record Attributes(boolean login, boolean connect, boolean expired) {}

        static ServiceRole read(Servers servers) throws ServerException {
            String name = servers.subject().target().services();
            List<Attributes> role = servers.target()
                    .query(ROLE, row -> new Attributes(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)), name);
            List<String> groups = new ArrayList<>(
                    servers.source().texts(MEMBER_OF, servers.subject().source().services()));
            groups.removeAll(servers.target().texts(MEMBER_OF, name));
            return new ServiceRole(role.stream().findFirst(), groups);
        }
    }

    static Finding role(ServiceRole found, Subject subject) {
        String role = Sql.identifier(subject.target().services());
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (found.role().isEmpty()) {
            wrong.add("doesn't exist on the target");
            remedies.add(Remedy.onTarget("CREATE ROLE " + role + " LOGIN;"));
            remedies.add(Remedy.advice(
                    "then set its password there, with \\\\password in psql, to what the services will use"));
        } else {
            if (!found.role().get().login()) {
                wrong.add("may not log in to the target");
                remedies.add(Remedy.onTarget("ALTER ROLE " + role + " LOGIN;"));
            }
            if (!found.role().get().connect()) {
                wrong.add("may not connect to the target's database");
                remedies.add(Remedy.onTarget(
                        "GRANT CONNECT ON DATABASE " + subject.target().database() + " TO " + role + ";"));
            }
            if (found.role().get().expired()) {
                wrong.add("has a password that has expired");
                remedies.add(Remedy.onTarget("ALTER ROLE " + role + " VALID UNTIL 'infinity';"));
            }
        }
        if (!found.missingGroups().isEmpty()) {
            wrong.add("is not in " + NameLists.some(found.missingGroups()) + " there");
            found.missingGroups()
                    .forEach(group ->
                            remedies.add(Remedy.onTarget("GRANT " + Sql.identifier(group) + " TO " + role + ";")));
        }
        return wrong.isEmpty()
                ? Finding.pass("role " + role + " may log in to the target")
                : Finding.fail("role " + role + " " + String.join(", ", wrong), remedies);
    }

    /** Servers write this name in every language. */
    private static final String HOST_RULES = "pg_hba.conf";

    /**
     * Logs in to both servers as the services do. If a login can't be tried from this machine, since the password isn't
     * here or the server doesn't accept this address, that says nothing about the services' machines: a person has to
     * decide.
     */
    static List<Finding> logins(Servers servers) throws ServerException {
        servers.source().session(); // a server that doesn't let us in has a check of its own
        servers.target().session();
        return Stream.of(servers.source(), servers.target())
                .flatMap(server -> login(server).stream())
                .toList();
    }

    private static Optional<Finding> login(Server server) {
        Login services = server.services();
        Deadline bound = Deadline.of(server.left());
        try {
            Driver.connect(services, Server.APPLICATION, bound).close();
            return Optional.empty();
        } catch (SQLException e) {
            boolean saysNothing = PostgresErrors.isPasswordMissing(e)
                    || PostgresErrors.text(e).contains(HOST_RULES);
            return Optional.of(
                    saysNothing
                            ? untried(services, e)
                            : refused(server, PostgresErrors.ofLogin(services, bound, e), e));
        }
    }

    private static Finding untried(Login services, SQLException e) {
        return Finding.warn(
                "the services' login as " + services + " can't be tried from here: " + PostgresErrors.text(e),
                Remedy.advice("let this machine log in as " + services
                        + " with the services' password; else only the instances"
                        + " try it, and on the source the proof of a cutover's fence needs it"));
    }

    private static Finding refused(Server server, ServerException why, SQLException e) {
        Login services = server.services();
        String role = Sql.identifier(services.username());
        String where = services.password().where();
        return Finding.fail(
                String.valueOf(why.getMessage()),
                Remedy.advice(
                        PostgresErrors.state(e).equals(PostgresErrors.WRONG_PASSWORD)
                                ? "set the password of " + role + " on the " + server.access() + " to what "
                                        + (where.isEmpty() ? "the settings' reference" : where)
                                        + " holds, with \\password in psql; or name another place with --password-ref"
                                : "let " + role + " in on the " + server.access()));
    }

    static Finding password(List<Finding> failed, Subject subject) {
        if (failed.isEmpty()) {
            return Finding.pass("the services' login works on both servers, with the password of "
                    + subject.pair().targetSettings().password());
        }
        return new Finding(
                failed.stream().map(Finding::outcome).min(Outcome::compareTo).orElseThrow(),
                failed.stream().map(Finding::message).collect(Collectors.joining("; ")),
                failed.stream().flatMap(each -> each.remedies().stream()).toList());
    }

    /** Rights as GRANT writes them, and whether role {@code r} has them. */
    private static final List<String> GRANTS_OF_ROLE =
            Stream.of("""
                    SELECT p || ' ON SCHEMA ' || pg_catalog.quote_ident(n.nspname),
                           pg_catalog.has_schema_privilege(r.oid, n.oid, p)::text
                    FROM pg_catalog.pg_namespace n
                    JOIN pg_catalog.pg_roles r ON r.rolname = ?
                    CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p
                    WHERE {own schema}
                    """, """
                    SELECT p || ' ON TABLE ' || {name}, pg_catalog.has_table_privilege(r.oid, c.oid, p)::text
                    FROM {relations}
                    JOIN pg_catalog.pg_roles r ON r.rolname = ?
                    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p
                    WHERE {own} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                    """, """
                    SELECT p || ' ON SEQUENCE ' || {name}, pg_catalog.has_sequence_privilege(r.oid, c.oid, p)::text
                    FROM {relations}
                    JOIN pg_catalog.pg_roles r ON r.rolname = ?
                    CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p
                    WHERE {own} AND c.relkind = 'S'
                    """, """
                    SELECT pg_catalog.format('EXECUTE ON ROUTINE %I.%I(%s)', n.nspname, f.proname,
                               pg_catalog.pg_get_function_identity_arguments(f.oid)),
                           pg_catalog.has_function_privilege(r.oid, f.oid, 'EXECUTE')::text
                    FROM pg_catalog.pg_proc f
                    JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
                    JOIN pg_catalog.pg_roles r ON r.rolname = ?
                    WHERE {own schema} AND NOT EXISTS (
                        SELECT FROM pg_catalog.pg_depend e
                        WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = f.oid AND e.deptype = 'e')
                    """).map(CatalogSql::sql).toList();

    private static final String EXISTS = "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ?)";
    /** Up to Postgres 14 every role had it on the schema public, and few need it. */
    private static final String CREATE = "CREATE ON SCHEMA ";

    /** What the services' role may do on each server: {@code true} or {@code false} by right. */
    record ServiceGrants(boolean roleExists, Both<Map<String, String>> rights) {
        static ServiceGrants read(Servers servers) throws ServerException {
            return servers.target().is(EXISTS, servers.subject().target().services())
                    ? new ServiceGrants(true, servers.both(ServiceGrants::rights))
                    : new ServiceGrants(false, new Both<>(Map.of(), Map.of()));
        }

        private static Map<String, String> rights(Server server) throws ServerException {
            Map<String, String> all = new TreeMap<>();
            for (String sql : GRANTS_OF_ROLE) {
                all.putAll(server.map(sql, server.access().services()));
            }
            return all;
        }
    }

    static Finding grants(ServiceGrants grants, Subject subject) {
        String role = Sql.identifier(subject.target().services());
        if (!grants.roleExists()) {
            return Finding.unknown("role " + role + " doesn't exist on the target; see service-role");
        }
        List<String> missing = grants.rights().source().keySet().stream()
                .filter(right -> "true".equals(grants.rights().source().get(right))
                        && "false".equals(grants.rights().target().get(right)))
                .toList();
        if (missing.isEmpty()) {
            return Finding.pass("role " + role + " has the same rights on both");
        }
        String message = "role " + role + " lacks on the target: " + NameLists.some(missing);
        List<Remedy> remedies =
                NameLists.each(missing, right -> Remedy.onTarget("GRANT " + right + " TO " + role + ";"));
        return missing.stream().allMatch(right -> right.startsWith(CREATE))
                ? Finding.warn(message, remedies)
                : Finding.fail(message, remedies);
    }

    /** What roles other than the owner have, as the statement that grants it; leaves out superusers. */
    private static String granted(String kind, String acl, String from, String where) {
        return CatalogSql.sql(String.format(Locale.ROOT, """
                SELECT 'GRANT ' || x.privilege_type || %s || ' TO '
                       || CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(g.rolname) END || ';',
                       g.rolname
                FROM %s
                CROSS JOIN LATERAL pg_catalog.aclexplode(%s) AS x
                LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
                WHERE %s AND (x.grantee = 0 OR NOT g.rolsuper) AND g.rolname IS DISTINCT FROM ?
                """, kind, from, acl, where));
    }

    private static final String ON_TABLES = granted(
            "CASE c.relkind WHEN 'S' THEN ' ON SEQUENCE ' ELSE ' ON TABLE ' END || {name}",
            "c.relacl",
            "{relations}",
            "{own} AND x.grantee <> c.relowner AND x.privilege_type <> 'MAINTAIN'");
    private static final String ON_COLUMNS = granted(
            "' (' || pg_catalog.quote_ident(a.attname) || ') ON TABLE ' || {name}",
            "a.attacl",
            "{relations} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped",
            "{own} AND x.grantee <> c.relowner");
    private static final String ON_SCHEMAS = granted(
            "' ON SCHEMA ' || pg_catalog.quote_ident(n.nspname)",
            "n.nspacl",
            "pg_catalog.pg_namespace n",
            "{own schema} AND x.grantee NOT IN (0, n.nspowner) AND g.rolname !~ '^pg_'");

    /**
     * What was granted to roles other than the services' role.
     *
     * @param missing grants that the target doesn't have, each with its role
     * @param roles the roles that the target has
     */
    record OtherGrants(Map<String, String> missing, List<String> roles) {
        static OtherGrants read(Servers servers) throws ServerException {
            String services = servers.subject().source().services();
            Map<String, String> missing = all(servers.source(), services);
            missing.keySet().removeAll(all(servers.target(), "").keySet());
            return new OtherGrants(missing, servers.target().texts("SELECT rolname FROM pg_catalog.pg_roles"));
        }

        /** Grants on columns are read nowhere else, so here they are read for the services' role, too. */
        private static Map<String, String> all(Server server, String except) throws ServerException {
            Map<String, String> all = new TreeMap<>(server.map(ON_TABLES, except));
            all.putAll(server.map(ON_COLUMNS, ""));
            all.putAll(server.map(ON_SCHEMAS, except));
            return all;
        }
    }

    static Finding otherGrants(OtherGrants grants) {
        Map<String, String> missing = grants.missing();
        if (missing.isEmpty()) {
            return Finding.pass("the same on both");
        }
        Set<String> roles = new TreeSet<>(missing.values());
        roles.remove("");
        roles.removeAll(grants.roles());
        List<Remedy> remedies = new ArrayList<>();
        roles.forEach(role -> remedies.add(Remedy.onTarget("CREATE ROLE " + Sql.identifier(role) + ";")));
        missing.keySet().forEach(grant -> remedies.add(Remedy.onTarget(grant)));
        return Finding.warn(
                NameLists.count(missing.size(), "grant") + " missing on the target: " + NameLists.some(missing.keySet())
                        + (roles.isEmpty() ? "" : "; roles that don't exist on the target: " + NameLists.some(roles)),
                remedies);
    }
}
