package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.ReplicationServer.Pressure;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Reads what keeps a server from cleaning up: the oldest transaction, and the slot that is furthest behind. */
final class PressureReader {
    /**
     * Reads {@code pg_stat_activity}, which hides other roles' times from roles that aren't in
     * {@code pg_read_all_stats}.
     */
    private static final String READ = """
            SELECT coalesce(extract(epoch FROM clock_timestamp() - t.since), 0)::bigint, coalesce(t.owner, ''),
              coalesce(w.bytes, 0)::bigint, coalesce(w.slot_name, ''),
              CASE
                WHEN pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') THEN ''
                ELSE pg_catalog.format('GRANT pg_read_all_stats TO %I', current_user)
              END
            FROM (SELECT 1) AS one
            LEFT JOIN (
              SELECT since, owner
              FROM (
                SELECT xact_start AS since, coalesce(usename, backend_type) || ' (pid ' || pid || ')' AS owner
                FROM pg_catalog.pg_stat_activity
                WHERE pid <> pg_backend_pid()
                  AND xact_start IS NOT NULL
                  AND backend_type IN ('client backend', 'walsender', 'background worker', 'parallel worker')
                UNION ALL
                SELECT prepared, 'prepared transaction ' || gid || ' of ' || owner
                FROM pg_catalog.pg_prepared_xacts
              ) AS all_of_them
              ORDER BY since
              LIMIT 1
            ) AS t
              ON true
            LEFT JOIN (
              SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn) AS bytes
              FROM pg_catalog.pg_replication_slots
              WHERE restart_lsn IS NOT NULL
              ORDER BY restart_lsn
              LIMIT 1
            ) AS w
              ON true
            """;

    private final Session session;

    PressureReader(Session session) {
        this.session = session;
    }

    Pressure read(Duration bound) throws ServerException {
        return session.askOne("look at its oldest transaction and its slots", bound, READ, PressureReader::pressure);
    }

    private static Pressure pressure(ResultSet row) throws SQLException {
        return new Pressure(
                Duration.ofSeconds(Math.max(0, row.getLong(1))),
                row.getString(2),
                Math.max(0, row.getLong(3)),
                row.getString(4),
                row.getString(5));
    }
}
