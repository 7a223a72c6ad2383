package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;

/** The role may read every table. */
final class TableRightsCheck implements ServerCheck {
    private static final SchemaGrants.Need READ = new SchemaGrants.Need(
            "'r', 'p'", "NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')", "SELECT ON ALL TABLES");

    @Override
    public About about() {
        return new About(
                "table-rights", Group.RIGHTS, "Copying, counting and comparing read every table, on both servers.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<Remedy> remedies = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Side side : Side.values()) {
            List<String> unread = SchemaGrants.missing(servers.on(side), READ, remedies);
            if (!unread.isEmpty()) {
                wrong.add(servers.on(side).role() + " may not read on the " + side.word() + ": "
                        + NameLists.some(unread));
            }
        }
        return wrong.isEmpty()
                ? Finding.pass("every table can be read on both servers")
                : Finding.fail(String.join("; ", wrong), remedies);
    }
}
