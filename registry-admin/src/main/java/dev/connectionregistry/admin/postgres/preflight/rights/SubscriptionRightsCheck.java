package dev.connectionregistry.admin.postgres.preflight.rights;

import dev.connectionregistry.admin.postgres.preflight.ground.Server;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** The role may subscribe. */
final class SubscriptionRightsCheck implements ServerCheck {
    private static final int SINCE = 16;
    private static final String SUPERUSER = "SELECT r.rolsuper OR EXISTS (SELECT FROM pg_catalog.pg_roles g"
            + " WHERE g.rolname IN ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin')"
            + " AND pg_catalog.pg_has_role(g.oid, 'USAGE')) FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
    private static final String MAY_SUBSCRIBE = "SELECT pg_catalog.pg_has_role('pg_create_subscription', 'USAGE')";
    private static final String MAY_CREATE = "SELECT pg_catalog.has_database_privilege(current_database(), 'CREATE')";

    @Override
    public About about() {
        return new About(
                "subscription-rights",
                Group.RIGHTS,
                "Up to Postgres 15 only a superuser may; from 16 on a role that was given the right.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server target = servers.target();
        if (!servers.feeds().working().isEmpty()) {
            return Finding.pass("replication is set up already");
        }
        if (target.is(SUPERUSER)) {
            return Finding.pass("role " + target.role() + " is a superuser, or the provider's stand-in for one");
        }
        return target.major() < SINCE
                ? Finding.fail(
                        "role " + target.role() + " is no superuser, and the target is Postgres "
                                + target.identity().version(),
                        Remedy.onTarget("ALTER ROLE " + target.role() + " SUPERUSER;"),
                        Remedy.advice("as a superuser; take it back when the move is done"))
                : lacking(target);
    }

    private static Finding lacking(Server target) throws ServerException {
        List<String> lacks = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (!target.is(MAY_SUBSCRIBE)) {
            lacks.add("is not in pg_create_subscription");
            remedies.add(Remedy.onTarget("GRANT pg_create_subscription TO " + target.role() + ";"));
        }
        if (!target.is(MAY_CREATE)) {
            lacks.add("may not create in the database");
            remedies.add(
                    Remedy.onTarget("GRANT CREATE ON DATABASE " + target.database() + " TO " + target.role() + ";"));
        }
        lacks.addAll(
                Owners.lack("can't apply changes as the tables' owner", Owners.foreign(target, "MEMBER", remedies)));
        return lacks.isEmpty()
                ? Finding.pass("role " + target.role() + " may")
                : Finding.fail("role " + target.role() + " " + String.join(", ", lacks), remedies);
    }
}
