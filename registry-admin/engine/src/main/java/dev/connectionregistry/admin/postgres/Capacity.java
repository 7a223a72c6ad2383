package dev.connectionregistry.admin.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much a server has of a resource that replication takes. Immutable.
 *
 * @param setting the setting that limits it
 * @param most its value
 * @param used how much is taken
 * @param wanted how much replication takes at its peak
 */
public record Capacity(String setting, int most, int used, int wanted) {
    private static final String SETTINGS = """
            SELECT name, setting FROM pg_catalog.pg_settings
            WHERE name IN ('max_logical_replication_workers', 'max_worker_processes', 'max_wal_senders',
                'max_sync_workers_per_subscription', 'max_replication_slots', 'max_active_replication_origins')
            """;
    /**
     * Every role may see this. Counts subscriptions that are disabled or fail, too, since their workers will come back.
     */
    private static final String TAKEN = """
            SELECT (SELECT count(*)::int FROM pg_catalog.pg_replication_slots),
                   (SELECT count(*)::int FROM pg_catalog.pg_stat_replication),
                   greatest((SELECT count(*)::int FROM pg_catalog.pg_subscription),
                            (SELECT count(*)::int FROM pg_catalog.pg_stat_subscription WHERE pid IS NOT NULL))
            """;

    private static final String MAY_SEE_ORIGINS = """
            SELECT pg_catalog.has_table_privilege('pg_catalog.pg_replication_origin_status', 'SELECT')
               AND pg_catalog.has_function_privilege('pg_catalog.pg_show_replication_origin_status()', 'EXECUTE')
            """;
    private static final String ORIGINS = "SELECT count(*)::int FROM pg_catalog.pg_replication_origin_status";

    /** How much is left; negative if more is taken than the limit allows. */
    public int free() {
        return most - used;
    }

    /**
     * What limits slots or senders on a source.
     *
     * @param setting {@code max_replication_slots} or {@code max_wal_senders}
     */
    public static Capacity ofSource(Session session, Deadline bound, String setting, int wanted) throws SQLException {
        int column = setting.equals("max_wal_senders") ? 2 : 1;
        int used = session.queryOne(bound, TAKEN, row -> row.getInt(column));
        return room(settings(session, bound), setting, used, wanted);
    }

    /**
     * What limits the workers of subscriptions on a target: one for each subscription, and those that copy tables.
     *
     * @param subscriptions how many are to be made
     * @param copying how many tables are copied at once
     */
    public static List<Capacity> ofTarget(Session session, Deadline bound, int subscriptions, int copying)
            throws SQLException {
        int workers = session.queryOne(bound, TAKEN, row -> row.getInt(3));
        boolean seesOrigins = session.queryOne(bound, MAY_SEE_ORIGINS, row -> row.getBoolean(1));
        int origins = seesOrigins ? session.queryOne(bound, ORIGINS, row -> row.getInt(1)) : 0;
        return ofTarget(settings(session, bound), workers, Math.max(workers, origins), subscriptions + copying);
    }

    /** How many tables a subscription copies at once. */
    public static int copiedAtOnce(Session session, Deadline bound) throws SQLException {
        return number(settings(session, bound), "max_sync_workers_per_subscription");
    }

    /** The same, from the settings by name, and how many workers and origins are taken. */
    public static List<Capacity> ofTarget(Map<String, String> settings, int workers, int origins, int wanted) {
        String limit = originsLimit(settings);
        return List.of(
                room(settings, "max_logical_replication_workers", workers, wanted),
                room(settings, "max_worker_processes", workers, wanted + 1), // their launcher is one too
                room(settings, limit, origins, wanted));
    }

    private static Capacity room(Map<String, String> settings, String setting, int used, int wanted) {
        return new Capacity(setting, number(settings, setting), used, wanted);
    }

    /** The setting that limits replication origins: servers from 18 on have one for them alone. */
    private static String originsLimit(Map<String, String> settings) {
        return settings.containsKey("max_active_replication_origins")
                ? "max_active_replication_origins"
                : "max_replication_slots";
    }

    private static Map<String, String> settings(Session session, Deadline bound) throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        session.query(bound, SETTINGS, row -> settings.put(row.getString(1), row.getString(2)));
        return settings;
    }

    private static int number(Map<String, String> settings, String name) {
        return Integer.parseInt(settings.getOrDefault(name, "0"));
    }
}
