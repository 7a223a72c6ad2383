package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What both servers said at one look. Immutable.
 *
 * @param sourceVersion such as {@code 11.22}
 * @param targetVersion such as {@code 18.6}
 * @param position the end of the source's log
 * @param slots the source's logical slots in this database
 * @param subscriptions the target's
 * @param tables of these
 * @param published what each publication of these holds, partitions or roots as they are published
 * @param uncovered tables of the source with data that none of these publications holds
 * @param targetSlots the target's own logical slots: those of the way back, or after a cutover of the way here
 * @param sourceSubscriptions the source's own, disabled or not: what led to it, or another server that it follows
 * @param blocked processes of this replication, on either server, that wait for a lock
 * @param source which server the source is
 * @param target which server the target is
 * @param gaps small tables whose rows differ although the target follows
 */
public record ReplicationFacts(
        String sourceVersion,
        String targetVersion,
        long position,
        List<SlotFacts> slots,
        List<SubscriptionFacts> subscriptions,
        List<TableProgress> tables,
        List<PublishedTable> published,
        List<TableName> uncovered,
        List<SlotFacts> targetSlots,
        List<SourceSubscription> sourceSubscriptions,
        List<BlockedWorker> blocked,
        PostgresIdentity source,
        PostgresIdentity target,
        List<RowGaps.Gap> gaps) {
    /** Copies the lists. */
    public ReplicationFacts {
        slots = List.copyOf(slots);
        gaps = List.copyOf(gaps);
        subscriptions = List.copyOf(subscriptions);
        tables = List.copyOf(tables);
        published = List.copyOf(published);
        uncovered = List.copyOf(uncovered);
        targetSlots = List.copyOf(targetSlots);
        sourceSubscriptions = List.copyOf(sourceSubscriptions);
        blocked = List.copyOf(blocked);
    }

    /** The source's slot that a subscription reads from; empty if it reads from another server, also from a slot of that name. */
    public Optional<SlotFacts> slotOf(SubscriptionFacts subscription) {
        return slots.stream()
                .filter(each -> each.name().equals(subscription.slot()) && !subscription.readsElsewhere())
                .findFirst();
    }

    /** For how long the worker that reads from a slot of the source has been waiting for a lock; empty if it doesn't. */
    Optional<Duration> heldUp(String slot) {
        return blocked.stream()
                .filter(each -> subscriptions.stream()
                        .anyMatch(one -> one.slot().equals(slot) && one.name().equals(each.subscription())))
                .map(BlockedWorker::waiting)
                .max(Comparator.naturalOrder());
    }

    /** How many tables don't follow yet. */
    public long pending() {
        return tables.stream()
                .filter(each -> each.state() != TableState.FOLLOWING)
                .count();
    }
}
