package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the causes of failures that were seen, no more often than the servers try again. For one thread. */
final class FailureCauses {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final int MOST = 3;

    private final FailureReasons.Opener opener;
    private final Timing timing;
    private final ServerPair pair;
    private List<WorkerFailure> troubles = List.of();
    private Map<WorkerFailure, FailureReason> found = Map.of();
    private long foundAt;

    FailureCauses(FailureReasons.Opener opener, Timing timing, ServerPair pair) {
        this.opener = opener;
        this.timing = timing;
        this.pair = pair;
    }

    /** The causes of {@code now}, as far as they could be looked up. */
    Map<WorkerFailure, FailureReason> of(List<WorkerFailure> now) {
        if (!now.equals(troubles) || timing.nanoTime() - foundAt > KEPT.toNanos()) {
            found = now.isEmpty() ? Map.of() : find(now);
            troubles = now;
            foundAt = timing.nanoTime();
        }
        return found;
    }

    private Map<WorkerFailure, FailureReason> find(List<WorkerFailure> wanted) {
        Map<WorkerFailure, FailureReason> causes = new HashMap<>();
        try (FailureReasons reasons = opener.open(pair, BOUND)) {
            for (WorkerFailure each : wanted.subList(0, Math.min(MOST, wanted.size()))) {
                causes.put(each, reasons.of(each, BOUND));
            }
        } catch (ServerException e) {
            // what is known without the cause is reported all the same
        }
        return causes;
    }

    /** What fails, as far as several looks show. */
    static List<WorkerFailure> troubles(ReplicationFacts facts, WorkerHistory history) {
        List<WorkerFailure> troubles = new ArrayList<>();
        for (SubscriptionFacts each : facts.subscriptions()) {
            if (each.enabled()) {
                add(troubles, each, facts, history);
            }
        }
        return troubles;
    }

    private static void add(
            List<WorkerFailure> troubles,
            SubscriptionFacts subscription,
            ReplicationFacts facts,
            WorkerHistory history) {
        boolean copyFails = history.newCopyErrors(subscription) > 0;
        facts.tables().stream()
                .filter(each -> each.subscription().equals(subscription.name()))
                .filter(each -> each.state() == TableState.COPYING && (copyFails || history.isLeft(each)))
                .forEach(each -> troubles.add(WorkerFailure.copying(subscription.name(), each.table())));
        boolean unread =
                facts.slotOf(subscription).filter(each -> !each.active()).isPresent();
        boolean applyFails = history.newErrors(subscription) > history.newCopyErrors(subscription);
        if (applyFails || subscription.worker() == 0 || history.comesAndGoes(subscription) || unread) {
            troubles.add(WorkerFailure.applying(subscription.name()));
        }
    }
}
