package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.ManagedRoles;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/** The role may make a replication slot. */
final class SlotRightsCheck implements ServerCheck {
    private static final String MAY =
            "SELECT " + ManagedRoles.mayReplicate("r") + " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

    @Override
    public About about() {
        return new About("slot-rights", Group.RIGHTS, "Replication begins with a slot on the source.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server source = servers.source();
        if (source.is(MAY)) {
            return Finding.pass("role " + source.role() + " may");
        }
        return servers.feeds().working().isEmpty()
                ? Finding.fail("role " + source.role() + " may not replicate", remedies(source))
                : Finding.pass("replication is set up already, by somebody who may");
    }

    private static List<Remedy> remedies(Server source) {
        Remedy give = source.give("ALTER ROLE " + source.role() + " REPLICATION;");
        return source.isServices()
                ? List.of(give)
                : List.of(give, Remedy.advice("on RDS instead: GRANT rds_replication TO " + source.role()));
    }
}
