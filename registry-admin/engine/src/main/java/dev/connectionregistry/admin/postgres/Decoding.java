package dev.connectionregistry.admin.postgres;

import java.util.Map;

/**
 * Whether a server can make logical slots, by what its settings say. A server that has {@code effective_wal_level} (Postgres 19)
 * decodes from {@code wal_level = replica} on: the first logical slot raises it. Pure.
 */
public final class Decoding {
    /** Reads name and value of each setting that counts; a server has one or both. */
    public static final String SETTINGS =
            "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ('wal_level', 'effective_wal_level')";
    /** What makes it possible, with a restart. */
    public static final String MAKE_POSSIBLE = "ALTER SYSTEM SET wal_level = logical";
    /** The same on RDS, in the parameter group. */
    public static final String ON_RDS = "rds.logical_replication = 1";

    /** A condition on {@code s} of {@code pg_replication_slots}: the server has removed log that the slot needs. */
    public static final String SLOT_IS_LOST =
            "(coalesce(to_jsonb(s) ->> 'wal_status', '') = 'lost' OR s.restart_lsn IS NULL)";

    private Decoding() {}

    /** Whether it can, by the rows of {@link #SETTINGS}. */
    public static boolean isPossible(Map<String, String> settings) {
        String level = settings.getOrDefault("wal_level", "");
        return level.equals("logical") || (settings.containsKey("effective_wal_level") && level.equals("replica"));
    }

    /** {@code wal_level is replica}, with the effective level where there is one. */
    public static String words(Map<String, String> settings) {
        String effective = settings.get("effective_wal_level");
        return "wal_level is " + settings.getOrDefault("wal_level", "unknown")
                + (effective == null ? "" : ", in effect " + effective);
    }
}
