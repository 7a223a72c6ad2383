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
 * The subscriptions of the target that bring the source's changes, no matter who made them. A slot of the same name on
 * the source proves nothing, so {@link FollowProof} finds out which ones read from another server's slot. Our own are
 * also recognised by their names, even if the slot is gone. Immutable.
 *
 * @param working those whose slot is on the source, except those that are proven to read from another server
 * @param orphans our own without a slot on the source
 * @param strangers enabled ones that read from another server
 * @param proven what is proven to follow
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

    /** Whether replication isn't set up at all, or isn't logical replication. */
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
