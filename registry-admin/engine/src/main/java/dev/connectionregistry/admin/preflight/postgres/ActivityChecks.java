package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Unfenced;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks what is active on the source. */
final class ActivityChecks {
    private ActivityChecks() {}

    static Finding prepared(Map<String, String> owners) {
        return owners.isEmpty()
                ? Finding.pass("none")
                : Finding.fail(
                        NameLists.count(owners.size(), "prepared transaction") + ": "
                                + NameLists.some(NameLists.each(
                                        owners.entrySet(), each -> each.getKey() + " of " + each.getValue())),
                        NameLists.each(
                                owners.keySet(),
                                gid -> Remedy.onSource(
                                        "ROLLBACK PREPARED " + gid + "; -- or COMMIT PREPARED " + gid + ";")));
    }

    private static final String OLD = """
            SELECT a.pid, coalesce(a.usename, '?'), coalesce(a.application_name, ''), coalesce(a.datname, ''),
                   coalesce(a.state, ''), floor(extract(epoch FROM clock_timestamp() - a.xact_start))::bigint
            FROM pg_catalog.pg_stat_activity a
            WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
              AND a.xact_start < clock_timestamp() - ?::float8 * interval '1 millisecond'
            ORDER BY a.xact_start
            """;

    /** A transaction that has been open for too long. */
    record OpenTransaction(int process, String role, String application, String database, String state, long seconds) {
        static List<OpenTransaction> read(Servers servers) throws ServerException {
            return servers.source()
                    .query(
                            OLD,
                            row -> new OpenTransaction(
                                    row.getInt(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getLong(6)),
                            servers.subject().longTransaction().toMillis());
        }

        @Override
        public String toString() {
            return process + " of " + role + " (" + application + ") in " + database + ", " + state + ", for " + seconds
                    + " s";
        }
    }

    static Finding longTransactions(List<OpenTransaction> open, Subject subject) {
        String limit = Durations.text(subject.longTransaction());
        return open.isEmpty()
                ? Finding.pass("none older than " + limit)
                : Finding.warn(
                        NameLists.count(open.size(), "transaction") + " older than " + limit + ": "
                                + NameLists.some(open),
                        NameLists.each(
                                open, each -> Remedy.onSource("SELECT pg_terminate_backend(" + each.process() + ");")));
    }

    /** Sessions of clients that follow no name of the registry and aren't ours; other-names judges those of other names. */
    static final String FOREIGN = CatalogSql.sql("""
            SELECT coalesce(a.usename, '?') || ' (' || coalesce(a.application_name, '')
                   || coalesce(', from ' || host(a.client_addr), '') || ')'
                   || CASE count(*) WHEN 1 THEN '' ELSE ', ' || count(*) || ' times' END
            FROM pg_catalog.pg_stat_activity a
            WHERE a.datid = {database} AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
              AND a.application_name NOT LIKE 'registry-admin/%' AND a.application_name <> ALL (?::text[])
            GROUP BY a.usename, a.application_name, a.client_addr
            ORDER BY count(*) DESC, 1
            """);

    static Finding foreign(List<String> sessions) {
        return sessions.isEmpty()
                ? Finding.pass("only sessions of instances that follow the registry")
                : Finding.warn(
                        "they belong to no instance that follows the registry: " + NameLists.some(sessions),
                        Remedy.advice("find out whose they are, and have their owners move or stop them; the fence ends"
                                + " them"),
                        Remedy.onSource("""
                                SELECT pid, usename, application_name, client_addr, query \
                                FROM pg_stat_activity \
                                WHERE datname = current_database();"""));
    }

    /** Replication sessions of the database, except those that read from these slots. */
    static final String WALSENDERS = CatalogSql.sql("""
            SELECT a.pid || ' of ' || coalesce(a.usename, '?') || ' (' || coalesce(a.application_name, '')
                   || coalesce(', from ' || host(a.client_addr), '')
                   || coalesce(', slot ' || s.slot_name, ', no slot') || ')'
            FROM pg_catalog.pg_stat_activity a
            LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = a.pid
            WHERE a.backend_type = 'walsender' AND a.datid = {database}
              AND coalesce(s.slot_name <> ALL (?::text[]), true)
            ORDER BY a.pid
            """);

    static Finding walsenders(List<String> sessions) {
        return sessions.isEmpty()
                ? Finding.pass("none except those that feed the target")
                : Finding.warn(
                        "they don't feed the target, and the fence ends them: " + NameLists.some(sessions),
                        Remedy.advice("nothing, if they reconnect by themselves, as subscribers do; exempt the role"
                                + " with --exempt-role if the target gets its rows through it"));
    }

    /** The workers of subscriptions are listed as subscriptions instead. */
    private static final String WORKERS = """
            SELECT a.backend_type || ' ' || a.pid || coalesce(' of ' || a.usename, '')
            FROM pg_catalog.pg_stat_activity a
            WHERE ${IS_WORKER} AND a.backend_type NOT LIKE 'logical replication %'
            ORDER BY a.pid
            """.replace("${IS_WORKER}", Unfenced.IS_WORKER);

    private static final String SUBSCRIPTIONS = CatalogSql.sql("""
            SELECT pg_catalog.quote_ident(subname)
            FROM pg_catalog.pg_subscription
            WHERE subenabled AND subdbid = {database}
            ORDER BY 1
            """);

    /** What writes into the source by itself: background workers, and subscriptions by their quoted names. */
    record Writers(List<String> workers, List<String> subscriptions) {
        static Writers read(Servers servers) throws ServerException {
            return new Writers(servers.source().texts(WORKERS), servers.source().texts(SUBSCRIPTIONS));
        }
    }

    static Finding writers(Writers writers) {
        List<String> found = new ArrayList<>(writers.workers());
        writers.subscriptions().forEach(name -> found.add("subscription " + name));
        List<Remedy> remedies = new ArrayList<>(NameLists.each(
                writers.subscriptions(), name -> Remedy.onSource("ALTER SUBSCRIPTION " + name + " DISABLE;")));
        remedies.add(
                Remedy.advice("stop what they belong to, or exempt their roles from the fence with --exempt-role"));
        return found.isEmpty()
                ? Finding.pass("none")
                : Finding.fail("at work in the database: " + NameLists.some(found), remedies);
    }
}
