package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.LockHolders;
import java.util.Locale;

/** The queries about replication. Columns that some versions lack are reached through {@code to_jsonb}. */
final class ProgressSql {
    private static final String HERE = "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";

    static final String VERSION = """
            SELECT current_setting('server_version_num')::int / 10000,
              split_part(current_setting('server_version'), ' ', 1)
            """;

    private static final String POSITION = """
            CASE
              WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
              ELSE pg_catalog.pg_current_wal_lsn()
            END
            """;

    static final String END = "SELECT pg_catalog.pg_wal_lsn_diff(" + POSITION + ", '0/0')::bigint";

    /**
     * Name, plugin, active, confirmed, behind, retained, status of the log, safe bytes, delay in ms. The delay is from
     * the reader's last message, which is old if its worker is held up; so it counts only if that message is recent
     * (and not before 12).
     */
    static final String SLOTS = """
            SELECT s.slot_name, coalesce(s.plugin, ''), s.active,
              pg_catalog.pg_wal_lsn_diff(s.confirmed_flush_lsn, '0/0')::bigint,
              greatest(0, pg_catalog.pg_wal_lsn_diff(p.lsn, s.confirmed_flush_lsn))::bigint,
              greatest(0, pg_catalog.pg_wal_lsn_diff(p.lsn, s.restart_lsn))::bigint,
              coalesce(to_jsonb(s) ->> 'wal_status', ''), (to_jsonb(s) ->> 'safe_wal_size')::bigint,
              CASE
                WHEN (to_jsonb(r) ->> 'reply_time')::timestamptz > clock_timestamp() - interval '2 seconds' THEN (
                  extract(epoch FROM r.replay_lag) * 1000
                )::bigint
              END
            FROM pg_catalog.pg_replication_slots s
            CROSS JOIN (SELECT ${POSITION} AS lsn) AS p
            LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
            WHERE s.slot_type = 'logical'
              AND s.database = current_database()
              AND NOT coalesce(to_jsonb(s) ->> 'temporary', 'false')::boolean
              AND s.slot_name !~ '^pg_\\d+_sync_\\d+'
            ORDER BY 1
            """.replace("${POSITION}", POSITION);

    /**
     * Name, oid, enabled, slot, publications. Before 14 not every role may see the oid; the view of workers shows it,
     * for all databases alike.
     */
    static String subscriptions(int major) {
        String number = major >= 14 ? "s.oid::bigint" : """
                (
                  SELECT w.subid::bigint
                  FROM pg_catalog.pg_stat_subscription w
                  WHERE w.subname = s.subname
                  ORDER BY EXISTS (SELECT FROM pg_catalog.pg_subscription_rel r WHERE r.srsubid = w.subid) DESC, 1
                  LIMIT 1
                )""";
        return """
            SELECT s.subname, ${number}, s.subenabled, coalesce(s.subslotname::text, ''), s.subpublications
            FROM pg_catalog.pg_subscription s
            WHERE s.subdbid = ${HERE}
            ORDER BY 1
            """.replace("${number}", number).replace("${HERE}", HERE);
    }

    /** Subscription, process, table or 0, ms that it has been running. */
    static final String WORKERS = """
            SELECT w.subid::bigint, w.pid, coalesce(w.relid::bigint, 0),
              (extract(epoch FROM clock_timestamp() - a.backend_start) * 1000)::bigint
            FROM pg_catalog.pg_stat_subscription w
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
            WHERE w.pid IS NOT NULL
              AND to_jsonb(w) ->> 'leader_pid' IS NULL
              AND coalesce(to_jsonb(w) ->> 'worker_type', '') NOT LIKE 'sequence%'
            """;

    /**
     * Subscription, errors applying, errors copying, conflicts. From 15 on. Ignores that a row comes from another
     * origin: so does every row that was copied, and after a change of direction every row from before it.
     */
    static final String ERRORS = """
            SELECT e.subid::bigint, (to_jsonb(e) ->> 'apply_error_count')::bigint,
              coalesce(
                (to_jsonb(e) ->> 'sync_error_count')::bigint, (to_jsonb(e) ->> 'sync_table_error_count')::bigint, 0
              ),
              coalesce((
                SELECT string_agg(c.key || '=' || c.value, ', ' ORDER BY c.key)
                FROM jsonb_each_text(to_jsonb(e)) AS c
                WHERE c.key LIKE 'confl\\_%' AND c.key NOT LIKE '%\\_origin\\_differs' AND c.value <> '0'
              ), '')
            FROM pg_catalog.pg_stat_subscription_stats e
            """;

    /** Whether the server counts errors: from 15 on. */
    static final String COUNTS_ERRORS =
            "SELECT pg_catalog.to_regclass('pg_catalog.pg_stat_subscription_stats') IS NOT NULL";

    /** Subscription, schema, name, state, oid. */
    static final String TABLES = """
            SELECT r.srsubid::bigint, n.nspname, c.relname, r.srsubstate::text, c.oid::bigint
            FROM pg_catalog.pg_subscription_rel r
            JOIN pg_catalog.pg_class c ON c.oid = r.srrelid AND c.relkind <> 'S'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"
            """;

    /** Table, bytes, rows. From 14 on. */
    static final String COPIES = """
            SELECT p.relid::bigint, p.bytes_processed, p.tuples_processed
            FROM pg_catalog.pg_stat_progress_copy p
            WHERE p.datname = current_database() AND p.relid IS NOT NULL
            """;

    /** Schema, name, row filter, columns that aren't sent; for each publication. Generated columns are never sent. */
    static final String PUBLISHED = """
            SELECT p.schemaname, p.tablename, coalesce(to_jsonb(p) ->> 'rowfilter', ''),
              coalesce((
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a
                JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = p.schemaname
                  AND c.relname = p.tablename
                  AND a.attnum > 0
                  AND NOT a.attisdropped
                  AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
                  AND jsonb_exists(to_jsonb(p), 'attnames')
                  AND NOT jsonb_exists(to_jsonb(p) -> 'attnames', a.attname)
              ), '')
            FROM pg_catalog.pg_publication_tables p
            WHERE p.pubname = ANY (?::text[])
            """;

    /** Schema, name: of partitioned tables each partition counts, whichever of its ancestors is published. */
    static final String UNCOVERED = """
            WITH RECURSIVE published AS (
              SELECT c.oid
              FROM pg_catalog.pg_publication_tables p
              JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
              WHERE p.pubname = ANY (?::text[])
            ),
            own AS (
              SELECT c.oid, n.nspname, c.relname, c.relispartition
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind = 'r'
                AND c.relpersistence = 'p'
                AND n.nspname !~ '^pg_'
                AND n.nspname <> 'information_schema'
                AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                )
            ),
            up AS (
              SELECT oid AS leaf, oid, relispartition
              FROM own
              UNION ALL
              SELECT u.leaf, c.oid, c.relispartition
              FROM up u
              JOIN pg_catalog.pg_inherits i ON i.inhrelid = u.oid
              JOIN pg_catalog.pg_class c ON c.oid = i.inhparent
              WHERE u.relispartition
            )
            SELECT o.nspname, o.relname
            FROM own o
            WHERE NOT EXISTS (SELECT FROM up u JOIN published p ON p.oid = u.oid WHERE u.leaf = o.oid)
            ORDER BY o.nspname::text COLLATE "C", o.relname::text COLLATE "C"
            """;

    /** Subscription, whether it is enabled, its slot: even for a server that is only looked at as a publisher. */
    static final String OWN = """
            SELECT s.subname, s.subenabled, coalesce(s.subslotname::text, '')
            FROM pg_catalog.pg_subscription s
            WHERE s.subdbid = ${HERE}
            ORDER BY 1
            """.replace("${HERE}", HERE);

    /**
     * What a process waits for, in the alias {@code l} of {@code pg_locks}, and how long it has waited, in {@code a}'s
     * row.
     */
    private static final String WAITS = String.format(Locale.ROOT, """
            floor(extract(epoch FROM clock_timestamp()
              - coalesce((to_jsonb(l) ->> 'waitstart')::timestamptz, a.xact_start, a.backend_start)))::bigint,
            CASE l.locktype WHEN 'relation' THEN
              upper(regexp_replace(regexp_replace(l.mode, 'Lock$', ''), '([a-z])([A-Z])', '\\1 \\2', 'g'))
              || ' on ' || coalesce(l.relation::regclass::text, 'a table')
            WHEN 'transactionid' THEN 'the end of another transaction'
            WHEN 'virtualxid' THEN 'the end of another transaction'
            ELSE l.locktype END,
            string_agg(DISTINCT %s, '; '), string_agg(DISTINCT b.pid::text, ',')
            """, LockHolders.TEXT);

    private static final String WAITING = """
            JOIN pg_catalog.pg_locks l ON l.pid = a.pid AND NOT l.granted AND l.locktype NOT IN ('extend', 'page')
            CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(a.pid)) AS b (pid)
            LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = b.pid
            WHERE a.datname = current_database()
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
            """;

    /**
     * Subscription, oid of the table or 0, seconds, lock, holders, their process ids: the target's workers that wait.
     */
    static final String BLOCKED_WORKERS = """
            SELECT w.subname::text, coalesce(w.relid::bigint, 0), ${WAITS}
            FROM pg_catalog.pg_stat_subscription w
            JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
            ${WAITING}
            """.replace("${WAITS}", WAITS).replace("${WAITING}", WAITING);

    /** The same for the source's walsenders: application, the target's oid of the table or 0, and so on. */
    static final String BLOCKED_SENDERS = """
            SELECT a.application_name,
              coalesce((substring(a.application_name FROM '_sync_(\\d+)(?:_\\d+)?$'))::bigint, 0), ${WAITS}
            FROM pg_catalog.pg_stat_replication r
            JOIN pg_catalog.pg_stat_activity a ON a.pid = r.pid
            ${WAITING}
            """.replace("${WAITS}", WAITS).replace("${WAITING}", WAITING);

    private ProgressSql() {}
}
