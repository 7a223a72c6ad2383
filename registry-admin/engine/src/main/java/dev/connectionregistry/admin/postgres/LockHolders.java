package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Says who holds the locks that are in the way, for people: process, application, role, address, since when, and which
 * kind of statement, without its text, which may hold data.
 */
public final class LockHolders {
    private static final Duration BOUND = Duration.ofMillis(500);

    /**
     * The words for row {@code h} of {@code pg_stat_activity}. What the server keeps from this role is left out. A process number of 0
     * is how the server names a prepared transaction.
     */
    public static final String TEXT = """
            CASE WHEN h.pid IS NULL THEN 'a prepared transaction (see pg_prepared_xacts)'
            ELSE 'pid ' || h.pid || ' (' || concat_ws(', ', nullif(h.application_name, ''), 'role ' || h.usename,
              'from ' || host(h.client_addr), nullif(h.state, ''),
              'transaction open for ' || floor(extract(epoch FROM clock_timestamp() - h.xact_start))::bigint || ' s',
              'last statement ' || upper(substring(h.query FROM '^\\s*([A-Za-z]+)'))) || ')' END""";

    /**
     * Lock modes that let nobody read a table, nobody write it, or nobody change the database's own comment and
     * settings.
     */
    private static final String STRONG = String.format(Locale.ROOT, """
            SELECT %s || ' holds ' || upper(regexp_replace(regexp_replace(l.mode, 'Lock$', ''), '([a-z])([A-Z])', '\\1 \\2', 'g'))
              || ' on ' || coalesce(l.relation::regclass::text, 'database ' || current_database())
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = l.pid
            JOIN pg_catalog.pg_database d ON d.datname = current_database()
            WHERE l.granted AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
            AND (l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
                AND l.locktype = 'relation' AND l.database = d.oid
              OR l.mode IN ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
                AND l.locktype = 'object' AND l.classid = 'pg_catalog.pg_database'::regclass AND l.objid = d.oid)
            ORDER BY l.mode, l.pid, l.relation LIMIT 3""", TEXT);

    private LockHolders() {}

    /**
     * The failure of a call that timed out, with who holds locks now; unchanged if nobody does, or if that can't be
     * found out.
     */
    static ServerException named(ServerException failure, Session session) {
        try {
            List<String> holders = session.query(Deadline.of(BOUND), STRONG, row -> row.getString(1));
            return holders.isEmpty()
                    ? failure
                    : new ServerException(
                            failure.kind(),
                            failure.getMessage() + "; locks there: " + String.join("; ", holders),
                            failure);
        } catch (SQLException e) {
            return failure;
        }
    }
}
