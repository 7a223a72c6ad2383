package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The target has workers for a subscription. */
final class WorkersCheck implements ServerCheck {
    private static final String SETTINGS = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN"
            + " ('max_logical_replication_workers', 'max_worker_processes', 'max_sync_workers_per_subscription',"
            + " 'max_replication_slots', 'max_active_replication_origins')";
    private static final String TAKEN = "SELECT (SELECT count(*)::int FROM pg_catalog.pg_stat_subscription"
            + " WHERE pid IS NOT NULL), (SELECT count(*)::int FROM pg_catalog.pg_replication_origin_status)";
    private static final String TAKEN_WITHOUT_RIGHTS =
            "SELECT count(*)::int, 0 FROM pg_catalog.pg_stat_subscription" + " WHERE pid IS NOT NULL";
    private static final String MAY_SEE_ORIGINS = "SELECT pg_catalog.has_table_privilege("
            + "'pg_catalog.pg_replication_origin_status', 'SELECT') AND pg_catalog.has_function_privilege("
            + "'pg_catalog.pg_show_replication_origin_status()', 'EXECUTE')";

    @Override
    public About about() {
        return new About(
                "subscription-workers",
                Group.REPLICATION,
                "A subscription without a worker does nothing, and says so in the log only.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        if (!servers.feeds().working().isEmpty()) {
            return Finding.pass("replication has what it needs");
        }
        Server target = servers.target();
        Map<String, String> settings = target.map(SETTINGS);
        boolean mayLook = target.is(MAY_SEE_ORIGINS);
        return target.one(mayLook ? TAKEN : TAKEN_WITHOUT_RIGHTS, row -> judge(settings, row.getInt(1), row.getInt(2)));
    }

    static Finding judge(Map<String, String> settings, int workers, int origins) {
        int wanted = 1 + number(settings, "max_sync_workers_per_subscription");
        String originsLimit = settings.containsKey("max_active_replication_origins")
                ? "max_active_replication_origins"
                : "max_replication_slots";
        List<Finding> all = List.of(
                Capacity.judge(
                        Side.TARGET,
                        "max_logical_replication_workers",
                        number(settings, "max_logical_replication_workers"),
                        workers,
                        wanted),
                Capacity.judge(
                        Side.TARGET,
                        "max_worker_processes",
                        number(settings, "max_worker_processes"),
                        workers,
                        wanted + 1),
                Capacity.judge(Side.TARGET, originsLimit, number(settings, originsLimit), origins, wanted));
        return all.stream().min(Comparator.comparing(Finding::outcome)).orElseThrow();
    }

    private static int number(Map<String, String> settings, String name) {
        return Integer.parseInt(settings.getOrDefault(name, "0"));
    }
}
