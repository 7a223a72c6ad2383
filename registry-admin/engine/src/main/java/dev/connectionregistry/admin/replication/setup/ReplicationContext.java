package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a use case works with.
 *
 * @param names what is called how
 * @param source where changes come from
 * @param target where they go to
 * @param patience makes the calls
 * @param timing the clock
 * @param observer receives the progress
 */
record ReplicationContext(
        ReplicationNames names,
        ReplicationServer source,
        ReplicationServer target,
        Patience patience,
        Timing timing,
        SetupObserver observer) {
    /** With the names that the pair of servers has, or has from an earlier version. */
    ReplicationContext named() throws ServerException {
        List<String> subscriptions = new ArrayList<>();
        for (ReplicationServer server : List.of(source, target)) {
            subscriptions(server).forEach(each -> subscriptions.add(each.name()));
        }
        ReplicationNames between = names.between(
                source.identity(),
                target.identity(),
                subscriptions,
                publications(source).stream().map(Publication::name).toList(),
                publications(target).stream().map(Publication::name).toList());
        return new ReplicationContext(between, source, target, patience, timing, observer);
    }

    static Optional<Publication> publication(List<Publication> all, String name) {
        return all.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Publication> publications(ReplicationServer server) throws ServerException {
        return patience.gets(
                "list publications", server, () -> server.publications().all(Patience.BOUND));
    }

    List<Slot> slots(ReplicationServer server) throws ServerException {
        return patience.gets("list slots", server, () -> server.slots().all(Patience.BOUND));
    }

    Optional<Slot> slot(ReplicationServer server, String name) throws ServerException {
        return slots(server).stream().filter(each -> each.name().equals(name)).findFirst();
    }

    List<Subscription> subscriptions(ReplicationServer server) throws ServerException {
        return patience.gets(
                "list subscriptions", server, () -> server.subscriptions().all(Patience.BOUND));
    }

    List<Subscription> ours(ReplicationServer server) throws ServerException {
        return subscriptions(server).stream()
                .filter(each -> names.isOurs(each.name()))
                .toList();
    }
}
