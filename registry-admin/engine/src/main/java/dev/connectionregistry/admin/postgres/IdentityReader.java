package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Finds out which server a session is on. */
public final class IdentityReader {
    private static final String WHERE = """
            SELECT current_database(), current_setting('server_version_num')::int / 10000,
              current_setting('server_version'),
              to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            """;
    /**
     * The name of a primary's WAL file begins with it. A standby tells roles that may see it which timeline it
     * receives; to others it only tells which one it was on at its last checkpoint, which may be an earlier one for a
     * while.
     */
    private static final String TIMELINE = """
            SELECT CASE WHEN pg_is_in_recovery()
              THEN coalesce(
                (SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver),
                (
                  SELECT greatest(c.timeline_id, r.min_recovery_end_timeline)
                  FROM pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r
                )
              )
              ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END
            """;

    private static final String CLUSTER = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";
    /** For servers that don't show the control file: something that two servers can't have in common. */
    private static final String STANDS_FOR_CLUSTER = """
            SELECT 'started ' || pg_postmaster_start_time() || ' at ' || coalesce(host(inet_server_addr()), 'local')
              || ':' || coalesce(inet_server_port(), 0)
            """;

    private IdentityReader() {}

    public static PostgresIdentity of(Session session, Duration bound) throws ServerException {
        return session.call("ask which server it is", Remedies.NONE, bound, end -> {
            String cluster = cluster(session, end);
            int timeline = timeline(session, end);
            return session.queryOne(
                    end,
                    WHERE,
                    row -> new PostgresIdentity(
                            cluster,
                            row.getString(1),
                            row.getInt(2),
                            row.getString(3).replaceFirst(" .*", ""),
                            Optional.of(new ServerRun(timeline, row.getString(4)))));
        });
    }

    /**
     * The server of an open session, as it is now: its timeline changes when it is promoted, or when it follows a
     * primary that was; the rest changes only by a restart.
     */
    public static PostgresIdentity again(Session session, PostgresIdentity before, Duration bound)
            throws ServerException {
        int timeline = session.call("ask for its timeline", Remedies.NONE, bound, end -> timeline(session, end));
        return new PostgresIdentity(
                before.systemIdentifier(),
                before.database(),
                before.major(),
                before.version(),
                before.run().map(run -> new ServerRun(timeline, run.startedAt())));
    }

    /** Not every service that speaks Postgres' protocol has a log with timelines. */
    private static int timeline(Session session, Deadline bound) throws SQLException {
        try {
            return session.queryOne(bound, TIMELINE, row -> row.getInt(1));
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e) || bound.passed()) {
                throw e;
            }
            return 0;
        }
    }

    private static String cluster(Session session, Deadline bound) throws SQLException {
        try {
            return session.queryOne(bound, CLUSTER, row -> row.getString(1));
        } catch (SQLException e) {
            if (!PostgresErrors.isMissingRight(e)) {
                throw e;
            }
            return session.queryOne(bound, STANDS_FOR_CLUSTER, row -> row.getString(1));
        }
    }
}
