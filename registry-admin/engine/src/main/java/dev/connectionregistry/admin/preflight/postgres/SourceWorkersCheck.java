package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** No background worker writes into the database. */
final class SourceWorkersCheck implements ServerCheck {
    private static final String WORKERS = "SELECT a.backend_type || ' ' || a.pid || coalesce(' of ' || a.usename, '')"
            + " FROM pg_catalog.pg_stat_activity a WHERE a.datid = " + CatalogSql.DATABASE
            + " AND a.backend_type NOT IN ('client backend', 'walsender', 'autovacuum worker', 'parallel worker',"
            + " 'logical replication worker', 'logical replication apply worker',"
            + " 'logical replication tablesync worker', 'logical replication parallel worker') ORDER BY a.pid";
    private static final String SUBSCRIPTIONS = "SELECT pg_catalog.quote_ident(subname) FROM pg_catalog.pg_subscription"
            + " WHERE subenabled AND subdbid = " + CatalogSql.DATABASE + " ORDER BY 1";

    @Override
    public About about() {
        return new About(
                "source-workers",
                Group.ACTIVITY,
                "A subscription of the source, or a scheduler in it, goes on writing behind the fence; the cutover refuses while one is at work.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Optional<Finding> blind = servers.source().lacks("pg_read_all_stats");
        return blind.isPresent() ? blind.get() : seen(servers);
    }

    private static Finding seen(Servers servers) throws ServerException {
        List<String> found = new ArrayList<>(servers.source().texts(WORKERS));
        List<Remedy> remedies = new ArrayList<>();
        for (String name : servers.source().texts(SUBSCRIPTIONS)) {
            found.add("subscription " + name);
            remedies.add(Remedy.onSource("ALTER SUBSCRIPTION " + name + " DISABLE;"));
        }
        remedies.add(
                Remedy.advice("stop what they belong to, or exempt their roles from the fence with --exempt-role"));
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.fail("at work in the database: " + NameLists.some(found), remedies);
    }
}
