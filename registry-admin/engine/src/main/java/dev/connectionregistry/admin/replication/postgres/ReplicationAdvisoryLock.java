package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.ReplicationServer.LockHolder;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The lock of runs that change a replication: an advisory lock of the database, which belongs to the session and ends
 * with it. It isn't the lock of a cutover.
 */
final class ReplicationAdvisoryLock {
    /** Spells "REPL", so that other programs' locks don't conflict. */
    private static final int FAMILY = 0x5245_504C;

    private static final String NAMED = "SELECT pg_catalog.set_config('application_name', ?, false)";
    private static final String TRY = "SELECT pg_catalog.pg_try_advisory_lock(?, ?)";
    private static final String HOLDER = """
            SELECT l.pid,
              'session ' || l.pid || coalesce(' of ' || a.usename, '')
                || coalesce(' (' || a.application_name || ')', '') || coalesce(' from ' || host(a.client_addr), '')
            FROM pg_catalog.pg_locks l
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory'
              AND l.granted
              AND l.objsubid = 2
              AND l.classid::bigint = ?
              AND l.objid::bigint = ?
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            """;

    private final Session session;

    ReplicationAdvisoryLock(Session session) {
        this.session = session;
    }

    /** Takes it; if another run has it, says which. {@code run} becomes the name of this session. */
    Optional<LockHolder> take(String name, String run, Duration bound) throws ServerException {
        return session.call("lock replication " + name, Remedies.NONE, bound, end -> {
            session.queryOne(end, NAMED, row -> row.getString(1), run);
            boolean taken = session.queryOne(end, TRY, row -> row.getBoolean(1), FAMILY, name.hashCode());
            return taken ? Optional.empty() : Optional.of(holder(name, end));
        });
    }

    private LockHolder holder(String name, Deadline end) throws SQLException {
        List<LockHolder> holders = session.query(
                end,
                HOLDER,
                row -> new LockHolder(Optional.of(row.getInt(1)), row.getString(2)),
                Integer.toUnsignedLong(FAMILY),
                Integer.toUnsignedLong(name.hashCode()));
        return holders.isEmpty() ? new LockHolder(Optional.empty(), "a session that is just ending") : holders.get(0);
    }
}
