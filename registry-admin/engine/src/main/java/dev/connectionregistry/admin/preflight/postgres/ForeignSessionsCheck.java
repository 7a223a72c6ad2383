package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Optional;

/** Only the fleet is at work in the database. */
final class ForeignSessionsCheck implements ServerCheck {
    private static final String SESSIONS = "SELECT coalesce(a.usename, '?') || ' (' || coalesce(a.application_name, '')"
            + " || coalesce(', from ' || host(a.client_addr), '') || ')' || CASE count(*) WHEN 1 THEN ''"
            + " ELSE ', ' || count(*) || ' times' END"
            + " FROM pg_catalog.pg_stat_activity a WHERE a.datid = " + CatalogSql.DATABASE
            + " AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()"
            + " AND a.application_name NOT LIKE 'registry-admin/%' AND a.application_name <> ALL (?::text[])"
            + " GROUP BY a.usename, a.application_name, a.client_addr ORDER BY count(*) DESC, 1";

    @Override
    public About about() {
        return new About(
                "foreign-sessions",
                Group.ACTIVITY,
                "A session without db-client is cut off by the fence and does not follow to the target.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Optional<Finding> blind = servers.source().lacks("pg_read_all_stats");
        return blind.isPresent() ? blind.get() : seen(servers);
    }

    private static Finding seen(Servers servers) throws ServerException {
        List<String> found = servers.source().texts(SESSIONS, servers.subject().fleetSessions());
        return found.isEmpty()
                ? Finding.pass("only the fleet's sessions")
                : Finding.warn(
                        "not of the fleet: " + NameLists.some(found),
                        Remedy.advice(
                                "find out whose they are, and have them moved or stopped by somebody; the fence ends them"),
                        Remedy.onSource(
                                "SELECT pid, usename, application_name, client_addr, query FROM pg_stat_activity WHERE"
                                        + " datname = current_database();"));
    }
}
