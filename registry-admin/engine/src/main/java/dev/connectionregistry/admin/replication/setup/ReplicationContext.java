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
 * @param names the names of publications, subscriptions and slots
 * @param source where changes come from
 * @param target where they go to
 * @param timing the clock
 * @param observer receives the progress
 */
record ReplicationContext(
        ReplicationNames names, PatientServer source, PatientServer target, Timing timing, SetupObserver observer) {
    /** The same, with the names for this pair of servers, or those that an earlier version gave it. */
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

    /** The subscriptions of {@code server} that have one of our names. */
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
