package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a use case works with.
 *
 * @param names what is called how
 * @param source where changes come from
 * @param target where they go to
 * @param timing the clock
 * @param observer receives the progress
 */
record ReplicationContext(
        ReplicationNames names, PatientServer source, PatientServer target, Timing timing, SetupObserver observer) {
    /** With the names that the pair of servers has, or has from an earlier version. */
    ReplicationContext named() throws ServerException {
        List<String> subscriptions = new ArrayList<>();
        for (PatientServer server : List.of(source, target)) {
            server.subscriptions().forEach(each -> subscriptions.add(each.name()));
        }
        ReplicationNames between = names.between(
                source.identity(),
                target.identity(),
                subscriptions,
                source.publications().stream().map(Publication::name).toList(),
                target.publications().stream().map(Publication::name).toList());
        return new ReplicationContext(between, source, target, timing, observer);
    }

    /** The subscriptions of {@code server} that have names of ours. */
    List<Subscription> ours(PatientServer server) throws ServerException {
        return server.subscriptions().stream()
                .filter(each -> names.isOurs(each.name()))
                .toList();
    }

    /**
     * Waits.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if the operator stops
     */
    void pause(Duration duration) {
        if (!timing.pause(duration)) {
            throw PatientServer.stopped();
        }
    }
}
