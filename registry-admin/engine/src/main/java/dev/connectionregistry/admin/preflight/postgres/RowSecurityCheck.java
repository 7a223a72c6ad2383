package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.RowSecurity;
import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * No policy binds those that read and write for replication: on the source the role that reads copies, on the target the one as
 * which rows are written, which from Postgres 16 on is the owner of each table unless the subscription works as its own owner.
 */
final class RowSecurityCheck implements ServerCheck {
    private static final String BINDS_US = "SELECT " + CatalogSql.NAME
            + CatalogSql.relations(" JOIN pg_catalog.pg_roles r ON r.rolname = current_user")
            + " AND c.relkind IN ('r', 'p') AND " + RowSecurity.binds("c", "r") + CatalogSql.ORDER;
    private static final String BYPASSES =
            "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user";
    private static final String SUBSCRIPTIONS = """
            SELECT s.subname, s.subrunasowner, o.rolsuper OR o.rolbypassrls, o.rolname
            FROM pg_catalog.pg_subscription s
            JOIN pg_catalog.pg_roles o ON o.oid = s.subowner
            WHERE s.subname = ANY (?::text[])
              AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            ORDER BY 1
            """;

    @Override
    public About about() {
        return new About(
                "row-security",
                Group.RIGHTS,
                "Policies hide rows from a copy without a word, and a subscription that they bind fails for ever.");
    }

    /** What was found; the outcome is the worst. */
    private static final class Found {
        private final List<String> wrong = new ArrayList<>();
        private final List<String> fine = new ArrayList<>();
        private final List<Remedy> remedies = new ArrayList<>();
        private boolean fails;

        void add(boolean failure, String what, Remedy... toDo) {
            fails |= failure;
            wrong.add(what);
            remedies.addAll(List.of(toDo));
        }

        Finding finding() {
            if (wrong.isEmpty()) {
                return Finding.pass(fine.isEmpty() ? "it binds nobody who works here" : String.join("; ", fine));
            }
            return new Finding(fails ? Outcome.FAIL : Outcome.WARN, String.join("; ", wrong), remedies);
        }
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Found found = new Found();
        boolean copied = !servers.feeds().working().isEmpty();
        reading(servers.source(), !copied, found);
        reading(servers.target(), false, found);
        if (servers.target().is(RowSecurity.RUNS_AS_TABLE_OWNERS)) {
            writing(servers, found);
        }
        return found.finding();
    }

    /** Copies read the source, verify reads both. */
    private static void reading(Server server, boolean failure, Found found) throws ServerException {
        List<String> tables = server.texts(BINDS_US);
        if (!tables.isEmpty()) {
            found.add(
                    failure,
                    "on the " + server.side().word() + " it hides rows from " + server.role() + " in "
                            + NameLists.some(tables),
                    server.give("ALTER ROLE " + server.role() + " BYPASSRLS;"));
        }
    }

    private static void writing(Servers servers, Found found) throws ServerException {
        Server target = servers.target();
        List<String> bound = target.query(
                RowSecurity.BIND_THEIR_OWNERS,
                row -> SqlText.identifier(row.getString(1)) + "." + SqlText.identifier(row.getString(2)) + " (owner "
                        + row.getString(3) + ")");
        if (bound.isEmpty()) {
            return;
        }
        String what = "on the target it binds the owners of " + NameLists.some(bound);
        if (servers.feeds().working().isEmpty()) {
            if (target.is(BYPASSES)) {
                found.fine.add(what + ", so start has the subscription work as " + target.role() + " (run_as_owner)");
            } else {
                found.add(
                        true,
                        what + ", and neither they nor " + target.role() + " could write there for a subscription",
                        target.give("ALTER ROLE " + target.role() + " BYPASSRLS;"));
            }
            return;
        }
        target.query(
                SUBSCRIPTIONS,
                row -> subscription(
                        what, row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getString(4), found),
                servers.feeds().subscriptions());
    }

    private static boolean subscription(
            String what, String name, boolean runsAsOwner, boolean bypasses, String owner, Found found) {
        if (!runsAsOwner) {
            found.add(
                    true,
                    what + ", as whom subscription " + SqlText.identifier(name) + " writes",
                    Remedy.on(
                            Side.TARGET,
                            "ALTER SUBSCRIPTION " + SqlText.identifier(name) + " SET (run_as_owner = true);"));
        }
        if (!bypasses) {
            found.add(
                    true,
                    "on the target it binds " + SqlText.identifier(owner) + ", who owns subscription "
                            + SqlText.identifier(name),
                    Remedy.on(Side.TARGET, "ALTER ROLE " + SqlText.identifier(owner) + " BYPASSRLS;"));
        }
        return true;
    }
}
