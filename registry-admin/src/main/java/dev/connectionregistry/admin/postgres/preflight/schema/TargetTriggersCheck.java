package dev.connectionregistry.admin.postgres.preflight.schema;

import dev.connectionregistry.admin.postgres.preflight.ground.Catalog;
import dev.connectionregistry.admin.postgres.preflight.ground.Names;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.postgres.session.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;

/** No trigger of the target fires while changes are applied. */
final class TargetTriggersCheck implements ServerCheck {
    private static final String TRIGGERS = "SELECT " + Catalog.NAME + ", t.tgname"
            + Catalog.relations(" JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid")
            + " AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')" + Catalog.ORDER + ", t.tgname";

    @Override
    public About about() {
        return new About(
                "target-triggers", Group.SCHEMA, "A trigger that fires also for replicated rows does its work twice.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> found = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        servers.target().query(TRIGGERS, row -> {
            String trigger = SqlText.identifier(row.getString(2));
            remedies.add(Remedy.onTarget("ALTER TABLE " + row.getString(1) + " ENABLE TRIGGER " + trigger + ";"));
            return found.add(trigger + " of " + row.getString(1));
        });
        remedies.add(Remedy.advice("or be sure that they must fire for replicated rows"));
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.warn("ENABLE ALWAYS or REPLICA: " + Names.some(found), remedies);
    }
}
