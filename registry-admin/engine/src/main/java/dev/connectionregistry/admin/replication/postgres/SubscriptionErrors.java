package dev.connectionregistry.admin.replication.postgres;

import java.util.Locale;

/**
 * Queries for how often the workers of a subscription failed. They ask the view for its columns instead of the server
 * for its version: Postgres 15 to 18 call the count of failed copies {@code sync_error_count}, 19 calls it
 * {@code sync_table_error_count}, and before 15 there is no such view.
 */
final class SubscriptionErrors {
    /** The view in which servers count. */
    static final String VIEW = "pg_catalog.pg_stat_subscription_stats";
    /** Whether there is such a view; takes its name. */
    static final String IS_COUNTED = "SELECT pg_catalog.to_regclass(?) IS NOT NULL";

    private static final String COPYING = "'sync_error_count', 'sync_table_error_count'";
    private static final String APPLYING = "'apply_error_count'";

    private SubscriptionErrors() {}

    /** Takes the name of a subscription; -1 if {@code view} has no column for it. */
    static String copying(String view) {
        return sum(view, COPYING);
    }

    /** Takes the name of a subscription; -1 if {@code view} has no column for it. */
    static String applying(String view) {
        return sum(view, APPLYING);
    }

    private static String sum(String view, String columns) {
        return String.format(Locale.ROOT, """
                SELECT coalesce(sum(counted.errors), CASE WHEN count(*) = 0 THEN 0 ELSE -1 END)::bigint
                FROM %s e
                JOIN pg_catalog.pg_subscription s ON s.oid = e.subid
                CROSS JOIN LATERAL (
                    SELECT sum(c.value::bigint) AS errors
                    FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(e)) AS c
                    WHERE c.key IN (%s)) AS counted
                WHERE s.subname = ?
                  AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                """, view, columns);
    }
}
