package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** The role may publish every table. */
final class PublicationRightsCheck implements ServerCheck {
    private static final String MAY =
            "SELECT r.rolsuper, pg_catalog.has_database_privilege(current_database(), 'CREATE')"
                    + " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";

    @Override
    public About about() {
        return new About("publication-rights", Group.RIGHTS, "Only its owner may publish a table.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server source = servers.source();
        if (!servers.feeds().working().isEmpty()) {
            return Finding.pass("replication is set up already");
        }
        if (source.one(MAY, row -> row.getBoolean(1))) {
            return Finding.pass("role " + source.role() + " is a superuser");
        }
        List<String> lacks = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (!source.one(MAY, row -> row.getBoolean(2))) {
            lacks.add("may not create in the database");
            remedies.add(source.give("GRANT CREATE ON DATABASE " + source.database() + " TO " + source.role() + ";"));
        }
        lacks.addAll(Owners.lack("doesn't own the tables of", Owners.foreign(source, "USAGE", remedies)));
        return lacks.isEmpty()
                ? Finding.pass("role " + source.role() + " may")
                : Finding.fail("role " + source.role() + " " + String.join(", ", lacks), remedies);
    }
}
