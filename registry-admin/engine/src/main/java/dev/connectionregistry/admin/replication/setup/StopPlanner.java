package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import dev.connectionregistry.admin.replication.setup.StopPlan.Kind;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what to end on both servers, in either direction. */
final class StopPlanner {
    private final ReplicationNames names;
    private final StopReplication.Ends ends;
    private final List<Item> items = new ArrayList<>();
    private final List<String> remains = new ArrayList<>();

    StopPlanner(ReplicationNames names, StopReplication.Ends ends) {
        this.names = names;
        this.ends = ends;
    }

    StopPlan look(ServerPair pair) throws ServerException {
        Set<String> found = new TreeSet<>(Set.of(names.earlier()));
        side(Side.SOURCE, pair.source().endpoint(), ends.source(), ends.target());
        side(Side.TARGET, pair.target().endpoint(), ends.target(), ends.source());
        items.stream().map(Item::name).filter(names::isOurs).forEach(found::add);
        if (ends.source().isEmpty()) {
            remains(pair.source().endpoint(), found);
        }
        if (ends.target().isEmpty()) {
            remains(pair.target().endpoint(), found);
        }
        return new StopPlan(items, remains);
    }

    private void side(Side side, Endpoint endpoint, Optional<PatientServer> reached, Optional<PatientServer> other)
            throws ServerException {
        if (reached.isEmpty()) {
            return;
        }
        PatientServer server = reached.get();
        for (Subscription each : server.subscriptions()) {
            if (names.isOurs(each.name())) {
                items.add(new Item(side, endpoint, Kind.SUBSCRIPTION, each.name(), each.enabled()));
            }
        }
        slots(side, endpoint, server, other);
        for (Publication each : server.publications()) {
            if (names.isOurs(each.name())) {
                items.add(new Item(side, endpoint, Kind.PUBLICATION, each.name(), false));
            }
        }
    }

    private void slots(Side side, Endpoint endpoint, PatientServer server, Optional<PatientServer> other)
            throws ServerException {
        TableSlots tableSlots = tableSlots(other);
        List<String> used = other.isPresent()
                ? other.get().subscriptions().stream()
                        .filter(each -> names.isOurs(each.name()))
                        .map(Subscription::slot)
                        .toList()
                : List.of();
        for (Slot each : server.slots()) {
            boolean ours = names.isOurs(each.name()) || used.contains(each.name()) || tableSlots.areOf(each.name());
            if (ours && other.isEmpty() && each.active() && isOfSeveral(server)) {
                remains.add("-- slot " + each.name() + " on " + endpoint
                        + " is in use, so its reader isn't gone: left as it is; if it was the server that is gone, run"
                        + " the command again once the slot isn't in use any more");
            } else if (ours) {
                items.add(new Item(side, endpoint, Kind.SLOT, each.name(), each.active()));
            } else if (other.isEmpty() && TableSlots.looksLikeOne(each.name()) && !each.active()) {
                remains.add(
                        "-- on " + endpoint + " there is a slot of a table that somebody began to copy, unused now; if"
                                + " that was for the server that is gone:");
                remains.add("SELECT pg_drop_replication_slot('" + each.name() + "');");
            }
        }
    }

    /**
     * If one server is gone, the pair is unknown; if there are several, one in use doesn't belong to the server that is
     * gone.
     */
    private boolean isOfSeveral(PatientServer server) throws ServerException {
        return server.slots().stream()
                        .map(Slot::name)
                        .filter(names::isOurs)
                        .map(ReplicationNames::pairOf)
                        .distinct()
                        .count()
                > 1;
    }

    private TableSlots tableSlots(Optional<PatientServer> subscriber) throws ServerException {
        if (subscriber.isEmpty()) {
            return TableSlots.NONE;
        }
        PatientServer server = subscriber.get();
        List<Long> ours = server.subscriptions().stream()
                .filter(each -> names.isOurs(each.name()))
                .map(Subscription::id)
                .toList();
        List<Long> all =
                server.ask("list subscriptions", asked -> asked.subscriptions().everyId(BOUND));
        return new TableSlots(server.identity().systemIdentifier(), ours, all);
    }

    /** What that server has is unknown, but all of it has one of these names. */
    private void remains(Endpoint gone, Set<String> found) {
        remains.add("-- on " + gone + ", once it is back, in database " + gone.databaseName()
                + " (an error that something doesn't exist is fine):");
        for (String each : found) {
            remains.add("ALTER SUBSCRIPTION \"" + each + "\" DISABLE;");
            remains.add("ALTER SUBSCRIPTION \"" + each + "\" SET (slot_name = NONE);");
            remains.add("DROP SUBSCRIPTION IF EXISTS \"" + each + "\";");
            remains.add(String.format(Locale.ROOT, """
                    SELECT pg_drop_replication_slot(slot_name) \
                    FROM pg_replication_slots \
                    WHERE slot_name = '%s';""", each));
            remains.add("DROP PUBLICATION IF EXISTS \"" + each + "\";");
        }
    }

    /**
     * Recognises the slots that a subscriber makes on its publisher for the copy of a single table, from Postgres 14
     * on. Their names say to which subscription of which server they belong.
     *
     * @param server the subscriber's system identifier; what isn't a number matches nothing
     * @param ours the oids of its subscriptions that will be ended
     * @param all the oids of all its subscriptions; a slot of one that no longer exists is left over
     */
    record TableSlots(String server, List<Long> ours, List<Long> all) {
        static final TableSlots NONE = new TableSlots("", List.of(), List.of());

        private static final Pattern FORM = Pattern.compile("pg_(\\d+)_sync_\\d+_(\\d+)");

        /** Whether any server made it, for any table. */
        static boolean looksLikeOne(String slot) {
            return FORM.matcher(slot).matches();
        }

        /** Whether it belongs to a subscription of this server that will be ended, or is gone. */
        boolean areOf(String slot) {
            Matcher matcher = FORM.matcher(slot);
            if (!matcher.matches() || !matcher.group(2).equals(server)) {
                return false;
            }
            long subscription = Long.parseLong(matcher.group(1));
            return ours.contains(subscription) || !all.contains(subscription);
        }
    }
}
