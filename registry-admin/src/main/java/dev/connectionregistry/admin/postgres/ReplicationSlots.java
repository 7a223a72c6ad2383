package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.postgres.session.Bound;
import dev.connectionregistry.admin.postgres.session.Remedies;
import dev.connectionregistry.admin.postgres.session.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which slots of the old server feed the new one, and how far they are. */
final class ReplicationSlots {
    private static final String SLOTS = "SELECT slot_name, active FROM pg_catalog.pg_replication_slots"
            + " WHERE slot_type = 'logical' AND database = current_database()";
    private static final String SUBSCRIPTIONS = "SELECT subname, coalesce(subslotname, ''), subenabled"
            + " FROM pg_catalog.pg_subscription"
            + " WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
    private static final String COPYING = "SELECT srrelid::regclass::text FROM pg_catalog.pg_subscription_rel"
            + " WHERE srsubstate <> 'r' ORDER BY 1";
    private static final String BEHIND = "SELECT wanted, coalesce(s.active, false),"
            + " coalesce(s.confirmed_flush_lsn::text, 'nothing'),"
            + " coalesce(pg_wal_lsn_diff(?::pg_lsn, s.confirmed_flush_lsn), -1)::bigint"
            + " FROM unnest(?::text[]) AS wanted LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = wanted"
            + " WHERE (s.confirmed_flush_lsn >= ?::pg_lsn) IS NOT TRUE ORDER BY 1";

    private final Session old;
    private final Session fresh;
    private final @Nullable String wanted;

    ReplicationSlots(Session old, Session fresh, @Nullable String wanted) {
        this.old = old;
        this.fresh = fresh;
        this.wanted = wanted;
    }

    private record Subscription(String name, String slot, boolean enabled) {}

    /** A slot that isn't there yet. */
    record Progress(String slot, boolean active, String confirmed, long bytes) {
        @Override
        public String toString() {
            return "slot \"" + slot + "\" had confirmed " + confirmed
                    + (bytes < 0 ? "" : " and was " + bytes + " bytes behind")
                    + (active ? "" : " (nobody is connected to it)");
        }
    }

    /**
     * Those that must confirm: a slot of the old server with the name that a subscription of the new one says. All of them,
     * since each carries tables of its own.
     *
     * @throws ServerException {@code NOT_SO} naming the candidates, or what is wrong with the ones chosen
     */
    Set<String> choose(Bound bound) throws ServerException {
        Map<String, Boolean> active = activeBySlot(bound);
        List<Subscription> subscriptions = subscriptions(bound);
        List<Subscription> fitting = subscriptions.stream()
                .filter(each -> active.containsKey(each.slot()))
                .filter(each -> wanted == null || wanted.equals(each.name()) || wanted.equals(each.slot()))
                .toList();
        if (fitting.isEmpty()) {
            throw notSo((wanted == null
                            ? "no subscription of the new server has"
                            : "\"" + wanted + "\" is no subscription of" + " the new server with")
                    + " a slot on the old one; subscriptions there: " + names(subscriptions) + ", logical slots here: "
                    + active.keySet() + "; name one, or use another barrier");
        }
        requireWorking(fitting, active);
        requireCopied(bound);
        return fitting.stream().map(Subscription::slot).collect(Collectors.toCollection(TreeSet::new));
    }

    private void requireWorking(List<Subscription> chosen, Map<String, Boolean> active) throws ServerException {
        List<String> wrong = new ArrayList<>();
        for (Subscription each : chosen) {
            if (!each.enabled()) {
                wrong.add("subscription \"" + each.name() + "\" is disabled");
            } else if (!active.getOrDefault(each.slot(), false)) {
                wrong.add("nobody is connected to slot \"" + each.slot() + "\"; see the log of the new server");
            }
        }
        if (!wrong.isEmpty()) {
            throw notSo(String.join("; ", wrong));
        }
    }

    private void requireCopied(Bound bound) throws ServerException {
        List<String> copying = fresh.call(
                "look for tables that are being copied",
                Remedies.NONE,
                bound.left(),
                end -> fresh.query(end, COPYING, row -> row.getString(1)));
        if (!copying.isEmpty()) {
            throw notSo(copying.size() + " tables are not copied yet: "
                    + copying.subList(0, Math.min(5, copying.size())) + "; wait until they follow the changes");
        }
    }

    private Map<String, Boolean> activeBySlot(Bound bound) throws ServerException {
        Map<String, Boolean> active = new TreeMap<>();
        old.call(
                "list replication slots",
                Remedies.NONE,
                bound.left(),
                end -> old.query(end, SLOTS, row -> {
                    active.put(row.getString(1), row.getBoolean(2));
                    return true;
                }));
        return active;
    }

    private List<Subscription> subscriptions(Bound bound) throws ServerException {
        return fresh.call(
                "list subscriptions",
                "on the new server: GRANT SELECT ON pg_subscription TO the run's role",
                bound.left(),
                end -> fresh.query(
                        end,
                        SUBSCRIPTIONS,
                        row -> new Subscription(row.getString(1), row.getString(2), row.getBoolean(3))));
    }

    private static Set<String> names(List<Subscription> subscriptions) {
        return subscriptions.stream().map(Subscription::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of {@code slots} that haven't confirmed {@code position}, or don't exist any more. */
    static List<Progress> behind(Session old, Set<String> slots, String position, Bound bound) throws SQLException {
        return old.query(
                bound,
                BEHIND,
                row -> new Progress(row.getString(1), row.getBoolean(2), row.getString(3), row.getLong(4)),
                position,
                slots,
                position);
    }

    static String quoted(Set<String> slots) {
        return slots.stream().map(slot -> '"' + slot + '"').collect(Collectors.joining(", "));
    }

    private static ServerException notSo(String what) {
        return new ServerException(Kind.NOT_SO, "can't wait for logical replication: " + what, null);
    }
}
