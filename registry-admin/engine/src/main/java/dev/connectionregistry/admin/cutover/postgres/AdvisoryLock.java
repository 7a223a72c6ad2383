package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The one lock of a database that lets a run fence it. It belongs to the session: a coordinator whose session is gone can't fence any
 * more, and a statement that such a session had under way is over once it has left the list of backends.
 */
final class AdvisoryLock {
    /** The same for every run; advisory locks are per database. It spells "CONNREGI". */
    private static final long KEY = 0x434F_4E4E_5245_4749L;

    private static final Duration PAUSE = Duration.ofMillis(5);

    /** A run that has just ended holds it until its backend has left; one that still holds it after this time is under way. */
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private static final String HOLDERS = """
            SELECT l.pid, coalesce(a.usename, '?'), coalesce(a.application_name, '?'),
              coalesce(host(a.client_addr), 'a socket')
            FROM pg_catalog.pg_locks l
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory'
              AND l.granted
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND l.classid = ${class}
              AND l.objid = ${object}
              AND l.objsubid = 1
            """.replace("${class}", String.valueOf(KEY >>> 32))
            .replace("${object}", String.valueOf(KEY & 0xFFFF_FFFFL));

    private final Session session;

    AdvisoryLock(Session session) {
        this.session = session;
    }

    /** Takes it, from its holder if {@code takeOver}. */
    void take(boolean takeOver, Duration bound) throws ServerException {
        session.call("take the lock of the database", Remedies.SIGNAL, bound, end -> {
            Deadline leaving = end.atMost(LEAVING);
            while (!tryOnce(end)) {
                List<Holder> holders = holders(end);
                if (takeOver) {
                    endHolders(holders, end);
                } else if (!holders.isEmpty() && leaving.passed()) {
                    throw new ServerException(Kind.REFUSED, held(holders.get(0)), null);
                } else {
                    end.pause(PAUSE);
                }
                requireTime(holders, end);
            }
            return true;
        });
    }

    private boolean tryOnce(Deadline bound) throws SQLException {
        return session.queryOne(bound, "SELECT pg_catalog.pg_try_advisory_lock(?)", row -> row.getBoolean(1), KEY);
    }

    private List<Holder> holders(Deadline bound) throws SQLException {
        return session.query(
                bound, HOLDERS, row -> new Holder(row.getInt(1), row.getString(2), row.getString(3), row.getString(4)));
    }

    private void endHolders(List<Holder> holders, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        for (Holder holder : holders) {
            session.queryOne(
                    bound, "SELECT pg_catalog.pg_terminate_backend(?)", row -> row.getBoolean(1), holder.pid());
            while (isThere(holder, bound)) {
                pause(holder, bound);
            }
        }
    }

    /** Until the backend has left, something it had begun may still take effect. */
    private boolean isThere(Holder holder, Deadline bound) throws SQLException {
        return session.queryOne(
                bound,
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ?)",
                row -> row.getBoolean(1),
                holder.pid());
    }

    private void pause(Holder holder, Deadline bound) throws ServerException, InterruptedException {
        requireTime(List.of(holder), bound);
        bound.pause(PAUSE);
    }

    private static void requireTime(List<Holder> holders, Deadline bound) throws ServerException {
        if (bound.passed()) {
            throw new ServerException(
                    Kind.TIMED_OUT,
                    "could not get the lock within " + bound.whole().toMillis() + " ms; last held by " + holders
                            + ", which was told to end; try again, or end it on the server",
                    null);
        }
    }

    private String held(Holder holder) {
        return "another run holds the lock of " + session.login().endpoint() + ": " + holder
                + "; wait for it, or take over with 'cutover resume' or 'cutover abort'";
    }

    /** A session that holds the lock. */
    private record Holder(int pid, String role, String application, String address) {
        @Override
        public String toString() {
            return "session " + pid + " of " + role + " (" + application + ") from " + address;
        }
    }
}
