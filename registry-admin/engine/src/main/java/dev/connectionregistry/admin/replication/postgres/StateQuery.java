package dev.connectionregistry.admin.replication.postgres;

/**
 * The query for the state of a subscription's tables: from 14 on with the copy's own progress, before with the table's
 * size.
 */
final class StateQuery {
    private static final int COPY_SAYS = 14;
    private static final String QUERY = """
            SELECT n.nspname, c.relname, r.srsubstate::text, coalesce(w.pid, 0), ${PROGRESS},
              r.srsubstate = 'r' AND r.srsublsn IS NULL
            FROM pg_catalog.pg_subscription s
            JOIN pg_catalog.pg_subscription_rel r ON r.srsubid = s.oid
            JOIN pg_catalog.pg_class c ON c.oid = r.srrelid AND c.relkind <> 'S'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_stat_subscription w ON w.subid = s.oid AND w.relid = c.oid AND w.pid IS NOT NULL
            ${COPY}
            WHERE s.subname = ?
              AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            ORDER BY 1, 2
            """;

    private static final String SAID = "coalesce(p.tuples_processed, -1), coalesce(p.bytes_processed, -1)";
    private static final String COPY = "LEFT JOIN pg_catalog.pg_stat_progress_copy p ON p.pid = w.pid";
    private static final String SIZE = """
            -1::bigint,
              CASE
                WHEN r.srsubstate IN ('r', 's') THEN -1
                WHEN c.relkind = 'r' THEN pg_catalog.pg_table_size(c.oid)
                ELSE coalesce((
                  SELECT sum(pg_catalog.pg_table_size(i.inhrelid)) FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid
                ), 0)
              END
            """;

    private StateQuery() {}

    /** The last column: the server notes a position when a copy has ended, and none where there was no copy. */
    static String of(int major) {
        return major >= COPY_SAYS
                ? QUERY.replace("${PROGRESS}", SAID).replace("${COPY}", COPY)
                : QUERY.replace("${PROGRESS}", SIZE).replace("${COPY}", "");
    }
}
