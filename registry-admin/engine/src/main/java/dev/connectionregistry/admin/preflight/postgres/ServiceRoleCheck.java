package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.ArrayList;
import java.util.List;

/** The services' role is on the target and may log in. */
final class ServiceRoleCheck implements ServerCheck {
    private static final String ROLE = "SELECT r.rolcanlogin,"
            + " pg_catalog.has_database_privilege(r.oid, " + CatalogSql.DATABASE + ", 'CONNECT'),"
            + " coalesce(r.rolvaliduntil < now(), false) FROM pg_catalog.pg_roles r WHERE r.rolname = ?";
    private static final String MEMBER_OF = "SELECT g.rolname FROM pg_catalog.pg_auth_members m"
            + " JOIN pg_catalog.pg_roles g ON g.oid = m.roleid JOIN pg_catalog.pg_roles r ON r.oid = m.member"
            + " WHERE r.rolname = ? ORDER BY 1";

    @Override
    public About about() {
        return new About(
                "service-role", Group.RIGHTS, "Roles belong to a server, not to a database; nothing copies them.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server target = servers.target();
        ServerPair pair = servers.subject().pair();
        String name = pair.targetSettings().username();
        String role = SqlText.identifier(name);
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        List<Boolean> there = target.query(
                ROLE,
                row -> judge(target, role, row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), wrong, remedies),
                name);
        List<String> groups = new ArrayList<>(
                servers.source().texts(MEMBER_OF, pair.sourceSettings().username()));
        groups.removeAll(target.texts(MEMBER_OF, name));
        if (there.isEmpty()) {
            wrong.add("doesn't exist on the target");
            remedies.add(Remedy.onTarget("CREATE ROLE " + role + " LOGIN;"));
            remedies.add(Remedy.advice(
                    "then set its password there, with \\\\password in psql, to what the services will use"));
        }
        if (!groups.isEmpty()) {
            wrong.add("is not in " + NameLists.some(groups) + " there");
            groups.forEach(
                    group -> remedies.add(Remedy.onTarget("GRANT " + SqlText.identifier(group) + " TO " + role + ";")));
        }
        return wrong.isEmpty()
                ? Finding.pass("role " + role + " may log in to the target")
                : Finding.fail("role " + role + " " + String.join(", ", wrong), remedies);
    }

    private static boolean judge(
            Server target,
            String role,
            boolean login,
            boolean connect,
            boolean expired,
            List<String> wrong,
            List<Remedy> remedies) {
        if (!login) {
            wrong.add("may not log in to the target");
            remedies.add(Remedy.onTarget("ALTER ROLE " + role + " LOGIN;"));
        }
        if (!connect) {
            wrong.add("may not connect to the target's database");
            remedies.add(Remedy.onTarget("GRANT CONNECT ON DATABASE " + target.database() + " TO " + role + ";"));
        }
        if (expired) {
            wrong.add("has a password that has expired");
            remedies.add(Remedy.onTarget("ALTER ROLE " + role + " VALID UNTIL 'infinity';"));
        }
        return true;
    }
}
