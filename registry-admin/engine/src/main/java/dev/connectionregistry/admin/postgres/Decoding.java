package dev.connectionregistry.admin.postgres;

import java.util.Map;

/**
 * Whether a server can make logical slots, by what its settings say. A server that has {@code effective_wal_level} (Postgres 19)
 * decodes from {@code wal_level = replica} on: the first logical slot raises it. Pure.
 */
public final class Decoding {
    /** Name and value of each setting that counts; servers have one or both. */
    public static final String SETTINGS =
            "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ('wal_level', 'effective_wal_level')";

    private Decoding() {}

    /** By the rows of {@link #SETTINGS}. */
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
