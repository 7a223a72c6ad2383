package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether two sessions are on one running server: one sees what the other locks. Names, addresses and the system
 * identifier can't tell, since a server has several of the first two, and a physical copy has the third. Needs no
 * right, on a standby either.
 */
public final class SameServer {
    private static final String LOCK = "SELECT pg_catalog.pg_advisory_lock_shared(?)::text";
    private static final String UNLOCK = "SELECT pg_catalog.pg_advisory_unlock_shared(?)";
    private static final String DATABASE =
            "SELECT oid::bigint FROM pg_catalog.pg_database WHERE datname = current_database()";
    /** Every role may see all locks, in every database. */
    private static final String SEEN = """
            SELECT coalesce(max(l.database::bigint), 0) FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
              AND l.pid = ? AND ((l.classid::bigint << 32) | l.objid::bigint) = ?
            """;

    private SameServer() {}

    /** Whether both are on the same database of one running server. Changes nothing permanently. */
    public static boolean sameDatabase(Session one, Session other, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        long database = seenDatabase(one, other, end);
        return database != 0
                && database == other.askOne("ask which database it is", end.left(), DATABASE, row -> row.getLong(1));
    }

    /** The oid of the database of {@code one}, if {@code other} is on the same server; else 0. */
    private static long seenDatabase(Session one, Session other, Deadline end) throws ServerException {
        long key = ThreadLocalRandom.current().nextLong();
        return one.call("take a lock to recognise the server by", Remedies.NONE, end.left(), within -> {
            int pid = one.queryOne(within, "SELECT pg_catalog.pg_backend_pid()", row -> row.getInt(1));
            one.queryOne(within, LOCK, row -> String.valueOf(row.getString(1)), key);
            try {
                return other.askOne("look for a lock", end.left(), SEEN, row -> row.getLong(1), pid, key);
            } finally {
                one.queryOne(within, UNLOCK, row -> row.getBoolean(1), key);
            }
        });
    }
}
