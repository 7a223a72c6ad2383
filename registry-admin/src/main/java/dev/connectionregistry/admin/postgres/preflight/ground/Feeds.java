package dev.connectionregistry.admin.postgres.preflight.ground;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The subscriptions of the target that bring the source's changes: those whose slot is on the source, whoever made them. Ours are
 * known by their names too, also with the slot gone. Immutable.
 *
 * @param working those whose slot is on the source
 * @param orphans ours without a slot there
 */
public record Feeds(List<Feed> working, List<Feed> orphans) {
    private static final String SUBSCRIPTIONS =
            "SELECT subname, coalesce(subslotname, ''), subenabled, subpublications FROM pg_catalog.pg_subscription"
                    + " WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
                    + " ORDER BY subname::text COLLATE \"C\"";
    private static final String SLOTS = "SELECT slot_name FROM pg_catalog.pg_replication_slots"
            + " WHERE slot_type = 'logical' AND database = current_database()";

    /** Copies the lists. */
    public Feeds {
        working = List.copyOf(working);
        orphans = List.copyOf(orphans);
    }

    /** One of them; {@code slot} is empty if it has none. */
    public record Feed(String subscription, String slot, boolean enabled, Set<String> publications) {
        /** Copies the set. */
        public Feed {
            publications = Set.copyOf(publications);
        }
    }

    static Feeds read(Servers servers) throws ServerException {
        Set<String> slots = new TreeSet<>(servers.source().texts(SLOTS));
        ReplicationNames names = ReplicationNames.of(servers.subject().pair().database());
        List<Feed> all = servers.target()
                .query(
                        SUBSCRIPTIONS,
                        row -> new Feed(row.getString(1), row.getString(2), row.getBoolean(3), Set.of((String[])
                                row.getArray(4).getArray())));
        return new Feeds(
                all.stream().filter(feed -> slots.contains(feed.slot())).toList(),
                all.stream()
                        .filter(feed -> !slots.contains(feed.slot()) && names.isOurs(feed.subscription()))
                        .toList());
    }

    /** Whether replication isn't set up at all, or not by logical replication. */
    public boolean none() {
        return working.isEmpty() && orphans.isEmpty();
    }

    /** The names of those that work. */
    public Set<String> subscriptions() {
        return working.stream().map(Feed::subscription).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The slots on the source. */
    public Set<String> slots() {
        return working.stream().map(Feed::slot).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The publications on the source that they take part in. */
    public Set<String> publications() {
        return working.stream()
                .flatMap(feed -> feed.publications().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What to say while there is none. */
    public static Finding notYet(Remedy... remedies) {
        return Finding.notYet("no subscription of the target has its slot on the source", remedies);
    }

    /** {@code replication plan orders --target db2:5432/orders --file orders-replication-plan.yaml}. */
    public static Remedy plan(Servers servers) {
        return command("plan", servers, " --file " + file(servers));
    }

    /** {@code replication start orders --target db2:5432/orders --plan orders-replication-plan.yaml}: what plan wrote. */
    public static Remedy start(Servers servers) {
        return command("start", servers, " --plan " + file(servers));
    }

    /** {@code replication stop orders --target db2:5432/orders}. */
    public static Remedy stop(Servers servers) {
        return command("stop", servers, "");
    }

    /** Where plan writes to if it isn't told. */
    private static String file(Servers servers) {
        return Remedy.word(servers.subject().pair().database() + "-replication-plan.yaml");
    }

    private static Remedy command(String what, Servers servers, String options) {
        return Remedy.command(
                "replication " + what + " " + servers.subject().pair().database() + " --target "
                        + Remedy.word(servers.target().login().endpoint()) + options
                        + servers.subject().pair().adminWords());
    }
}
