package dev.connectionregistry.admin.preflight.postgres;

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
record Feeds(List<Feed> working, List<Feed> orphans, List<Feed> strangers, List<ProvenSubscription> proven) {
    private static final Duration PROOF = Duration.ofSeconds(5);

    Feeds {
        working = List.copyOf(working);
        orphans = List.copyOf(orphans);
        strangers = List.copyOf(strangers);
        proven = List.copyOf(proven);
    }

    /** One of them; {@code slot} is empty if it has none. */
    record Feed(String subscription, String slot, boolean enabled, Set<String> publications, FollowResult following) {
        Feed {
            publications = Set.copyOf(publications);
        }

        private static Feed of(ProvenSubscription each) {
            return new Feed(
                    each.subscription().name(),
                    each.subscription().slot(),
                    each.subscription().enabled(),
                    each.subscription().publications(),
                    each.following());
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
        List<Feed> all = looked.stream().map(Feed::of).toList();
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

    /** Whether replication isn't set up at all, or not by logical replication. */
    boolean none() {
        return working.isEmpty() && orphans.isEmpty() && strangers.isEmpty();
    }

    /** The names of those that work. */
    Set<String> subscriptions() {
        return working.stream().map(Feed::subscription).collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> slots() {
        return working.stream().map(Feed::slot).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The publications on the source that they take part in. */
    Set<String> publications() {
        return working.stream()
                .flatMap(feed -> feed.publications().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
