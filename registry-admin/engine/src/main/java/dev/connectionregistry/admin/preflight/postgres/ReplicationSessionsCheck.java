package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Optional;

/** No replication session of the source's database is open but those that feed the target. */
final class ReplicationSessionsCheck implements ServerCheck {
    private static final String SESSIONS = """
            SELECT a.pid || ' of ' || coalesce(a.usename, '?') || ' (' || coalesce(a.application_name, '')
                   || coalesce(', from ' || host(a.client_addr), '') || coalesce(', slot ' || s.slot_name, ', no slot') || ')'
            FROM pg_catalog.pg_stat_activity a
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = a.pid
            WHERE a.backend_type = 'walsender' AND a.datid = DATABASE
              AND coalesce(s.slot_name <> ALL (?::text[]), true)
            ORDER BY a.pid
            """.replace("DATABASE", CatalogSql.DATABASE);

    @Override
    public About about() {
        return new About(
                "replication-sessions",
                Group.ACTIVITY,
                "A replication session of the database can execute SQL as well; the fence ends all that don't feed the target.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Optional<Finding> blind = servers.source().lacks("pg_read_all_stats");
        return blind.isPresent() ? blind.get() : seen(servers);
    }

    private static Finding seen(Servers servers) throws ServerException {
        List<String> found = servers.source().texts(SESSIONS, servers.feeds().slots());
        return found.isEmpty()
                ? Finding.pass("none but those that feed the target")
                : Finding.warn(
                        "they don't feed the target, and the fence ends them: " + NameLists.some(found),
                        Remedy.advice(
                                "nothing, if they connect again by themselves, as subscribers do; exempt the role with"
                                        + " --exempt-role if the target gets its rows through it"));
    }
}
