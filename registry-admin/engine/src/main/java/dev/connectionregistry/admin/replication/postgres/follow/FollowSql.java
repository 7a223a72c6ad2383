package dev.connectionregistry.admin.replication.postgres.follow;

/** The queries of the proof. Columns that some versions lack are reached through {@code to_jsonb}. */
final class FollowSql {
    /** Before this version, not every role may read a subscription's oid. */
    private static final int NUMBER_FOR_EVERYBODY = 14;

    /**
     * The source's slots of these names: name, plugin, reader's process or 0, acknowledged, confirmed. The position that a reader
     * reports as received is newer than the one it has confirmed, but is hidden from roles without
     * {@code pg_read_all_stats}.
     */
    static final String SLOTS = """
            SELECT s.slot_name, coalesce(s.plugin, ''), coalesce(s.active_pid, 0),
              pg_catalog.pg_wal_lsn_diff(
                greatest(s.confirmed_flush_lsn, r.write_lsn, '0/0'), '0/0')::bigint,
              pg_catalog.pg_wal_lsn_diff(coalesce(s.confirmed_flush_lsn, '0/0'), '0/0')::bigint
            FROM pg_catalog.pg_replication_slots s
            LEFT JOIN pg_catalog.pg_stat_replication r ON r.pid = s.active_pid
            WHERE s.slot_type = 'logical' AND s.database = current_database()
              AND s.slot_name = ANY (?::text[])
            """;

    /** Where the source's log ends: no reader has received more. */
    static final String END = """
            SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint
            """;

    /**
     * Writes a record of this many bytes and returns a position at or after its end; the record is on disk when this
     * returns.
     */
    static final String MARK = """
            SELECT pg_catalog.pg_wal_lsn_diff(
              pg_catalog.pg_logical_emit_message(true, 'registry-admin', repeat('r', ?::int)), '0/0')::bigint
            """;

    /** A small record, which makes a server tell the other at once how far it is. */
    static final String NUDGE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    /** Whether all of these slots have confirmed a position. */
    static final String CONFIRMED = """
            SELECT coalesce(bool_and(s.confirmed_flush_lsn >= ?::pg_lsn), false) FROM pg_catalog.pg_replication_slots s
            WHERE s.slot_name = ANY (?::text[])
            """;

    @SuppressWarnings("InlineFormatString") // it reads better apart
    private static final String SUBSCRIPTIONS = """
            SELECT s.subname, coalesce(s.subslotname::text, ''), s.subenabled, s.subpublications,
              coalesce(w.pid, 0), coalesce(a.backend_start::text, ''),
              pg_catalog.pg_wal_lsn_diff(w.received_lsn, '0/0')::bigint
            FROM pg_catalog.pg_subscription s
            LEFT JOIN pg_catalog.pg_stat_subscription w
              ON w.subid = :number AND w.pid IS NOT NULL AND w.relid IS NULL
              AND to_jsonb(w) ->> 'leader_pid' IS NULL
              AND coalesce(to_jsonb(w) ->> 'worker_type', 'apply') = 'apply'
            LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
            WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
            ORDER BY s.subname::text COLLATE "C"
            """;

    /** By the subscription's name, which another database may use too; the one of this database has tables here. */
    private static final String NUMBER_BY_NAME = """
            (SELECT n.subid FROM pg_catalog.pg_stat_subscription n WHERE n.subname = s.subname
              ORDER BY EXISTS (SELECT FROM pg_catalog.pg_subscription_rel r WHERE r.srsubid = n.subid) DESC, 1 LIMIT 1)\
            """;

    private FollowSql() {}

    /** The target's subscriptions: name, slot, enabled, publications, leading worker or 0, its start, what it has received. */
    static String subscriptions(int major) {
        return SUBSCRIPTIONS.replace(":number", major >= NUMBER_FOR_EVERYBODY ? "s.oid" : NUMBER_BY_NAME);
    }
}
