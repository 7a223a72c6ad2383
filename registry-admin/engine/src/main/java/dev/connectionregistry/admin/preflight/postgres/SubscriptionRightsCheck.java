package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.ManagedRoles;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** The role may subscribe: on the target for the move, and on the source for the way back. */
final class SubscriptionRightsCheck implements ServerCheck {
    private static final int SINCE = 16;
    private static final String SUPERUSER =
            "SELECT " + ManagedRoles.isSuperuser("r") + " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
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
        Finding there = onTarget(servers);
        List<Remedy> remedies = new ArrayList<>();
        List<String> lacks = onSource(servers.source(), remedies);
        if (lacks.isEmpty()) {
            return there;
        }
        String back = "replication reverse, after the cutover, would not work: on the source role "
                + servers.source().role() + " " + String.join(", ", lacks);
        if (there.outcome() != Outcome.FAIL) {
            return Finding.warn(back, remedies);
        }
        remedies.addAll(0, there.remedies());
        return Finding.fail(there.message() + "; " + back, remedies);
    }

    private static Finding onTarget(Servers servers) throws ServerException {
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
                        superuser(target))
                : lacking(target);
    }

    private static List<Remedy> superuser(Server target) {
        return target.isServices()
                ? List.of(target.give("ALTER ROLE " + target.role() + " SUPERUSER;"))
                : List.of(
                        target.give("ALTER ROLE " + target.role() + " SUPERUSER;"),
                        Remedy.advice("as a superuser; take it back when the move is done"));
    }

    private static Finding lacking(Server target) throws ServerException {
        List<Remedy> remedies = new ArrayList<>();
        List<String> lacks = grants(target, remedies);
        lacks.addAll(
                Owners.lack("can't apply changes as the tables' owner", Owners.foreign(target, "MEMBER", remedies)));
        return lacks.isEmpty()
                ? Finding.pass("role " + target.role() + " may")
                : Finding.fail("role " + target.role() + " " + String.join(", ", lacks), remedies);
    }

    /** The source subscribes too, once the fleet has left it. */
    private static List<String> onSource(Server source, List<Remedy> remedies) throws ServerException {
        if (source.is(SUPERUSER)) {
            return List.of();
        }
        if (source.major() >= SINCE) {
            return grants(source, remedies);
        }
        remedies.add(
                Remedy.advice("have a superuser of the source ready for the way back: replication reverse, and stop"
                        + " after it, take it as --target-admin-username, with --target-admin-password-ref"));
        return List.of("is no superuser, and the source is Postgres "
                + source.identity().version());
    }

    private static List<String> grants(Server server, List<Remedy> remedies) throws ServerException {
        List<String> lacks = new ArrayList<>();
        if (!server.is(MAY_SUBSCRIBE)) {
            lacks.add("is not in pg_create_subscription");
            remedies.add(server.give("GRANT pg_create_subscription TO " + server.role() + ";"));
        }
        if (!server.is(MAY_CREATE)) {
            lacks.add("may not create in the database");
            remedies.add(server.give("GRANT CREATE ON DATABASE " + server.database() + " TO " + server.role() + ";"));
        }
        return lacks;
    }
}
