package dev.connectionregistry.admin.postgres;

/**
 * SQL for what no fence stops, since it is no client session: preflight looks for it, and behind a fence there must be
 * none of it.
 */
public final class Unfenced {
    /** Prepared transactions, which commit by their name: the name as a literal, and the owner. */
    public static final String PREPARED = """
            SELECT pg_catalog.quote_literal(gid), owner::text
            FROM pg_catalog.pg_prepared_xacts
            WHERE database = current_database()
            ORDER BY prepared
            """;
    /**
     * A condition on {@code a} of {@code pg_stat_activity}: a background worker of the database, which a fence doesn't
     * end and which keeps the settings that it began with.
     */
    public static final String IS_WORKER = """
            a.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND a.backend_type NOT IN ('client backend', 'walsender', 'autovacuum worker', 'parallel worker')
            """;

    private Unfenced() {}
}
