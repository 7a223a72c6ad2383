package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The subscriptions of the target that bring the source's changes, no matter who made them. That their slot's name is on the source
 * proves nothing, so what reads from another server's slot is told apart, see {@link FollowProof}. Ours are known by their names
 * too, also with the slot gone. Immutable.
 *
 * @param working those whose slot is on the source, but for those that are shown to read from another one
 * @param orphans ours without a slot there
 * @param strangers enabled ones that read from another server
 * @param proven what is shown to follow
 */
public record Feeds(List<Feed> working, List<Feed> orphans, List<Feed> strangers, List<ProvenSubscription> proven) {
    private static final Duration PROOF = Duration.ofSeconds(5);

    /** Copies the lists. */
    public Feeds {
        working = List.copyOf(working);
        orphans = List.copyOf(orphans);
        strangers = List.copyOf(strangers);
        proven = List.copyOf(proven);
    }

    /** One of them; {@code slot} is empty if it has none. */
    public record Feed(
            String subscription, String slot, boolean enabled, Set<String> publications, FollowResult following) {
        /** Copies the set. */
        public Feed {
            publications = Set.copyOf(publications);
        }

        private boolean isElsewhere() {
            return following.state() == State.ELSEWHERE || following.state() == State.REFUTED;
        }
    }

    static Feeds read(Servers servers) throws ServerException {
        ReplicationNames names = ReplicationNames.of(servers.subject().pair().database())
                .between(servers.source().identity(), servers.target().identity());
        List<ProvenSubscription> looked = servers.source().call((source, end) -> servers.target()
                .call((target, both) -> new FollowProof(source, target).look(both.atMost(PROOF))));
        List<Feed> all = looked.stream().map(Feeds::feed).toList();
        List<Feed> orphans = all.stream()
                .filter(feed -> feed.following().state() == State.ELSEWHERE && names.isOurs(feed.subscription()))
                .toList();
        return new Feeds(
                all.stream().filter(feed -> !feed.isElsewhere()).toList(),
                orphans,
                all.stream()
                        .filter(feed -> feed.isElsewhere() && feed.enabled() && !orphans.contains(feed))
                        .toList(),
                looked.stream().filter(ProvenSubscription::proven).toList());
    }

    private static Feed feed(ProvenSubscription each) {
        return new Feed(
                each.subscription().name(),
                each.subscription().slot(),
                each.subscription().enabled(),
                each.subscription().publications(),
                each.following());
    }

    /** Whether replication isn't set up at all, or not by logical replication. */
    public boolean none() {
        return working.isEmpty() && orphans.isEmpty() && strangers.isEmpty();
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
        return Finding.notYet("no subscription of the target reads from the source", remedies);
    }

    /** {@code replication plan orders --target db2:5432/orders --file orders-replication-plan.yaml}. */
    public static Remedy plan(Servers servers) {
        return command("plan", servers, " --file " + file(servers));
    }

    /** {@code replication start orders --target db2:5432/orders --plan orders-replication-plan.yaml}: what plan wrote. */
    public static Remedy start(Servers servers) {
        return command("start", servers, " --plan " + file(servers));
    }

    /** {@code replication verify orders --target db2:5432/orders}. */
    public static Remedy verify(Servers servers) {
        return command("verify", servers, "");
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
