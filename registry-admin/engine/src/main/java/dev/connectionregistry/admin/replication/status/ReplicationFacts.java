package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What both servers said at one look. Immutable.
 *
 * @param sourceVersion the source's version, such as {@code 11.22}
 * @param targetVersion the target's version, such as {@code 18.6}
 * @param position the end of the source's log
 * @param slots the source's logical slots in this database
 * @param subscriptions the target's subscriptions
 * @param tables the tables of these subscriptions
 * @param published what each publication of these contains, partitions or roots as they are published
 * @param uncovered tables of the source with data that none of these publications contains
 * @param targetSlots the target's own logical slots: those for the way back or, after a cutover, those through which
 *     the source got its rows
 * @param sourceSubscriptions the source's own subscriptions, disabled or not: those that led to it, or of another
 *     server that it follows
 * @param blocked processes of this replication, on either server, that wait for a lock
 * @param source which server the source is
 * @param target which server the target is
 * @param gaps small tables whose rows differ although the target follows
 * @param targetReadOnly whether sessions on the target begin read-only, such as behind a fence
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
        List<RowGaps.Gap> gaps,
        boolean targetReadOnly) {
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

    /**
     * The source's slot that a subscription reads from; empty if it reads from another server, even from a slot of that
     * name.
     */
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

    /**
     * A table as one publication contains it. Immutable.
     *
     * @param table the table
     * @param filter the row filter as the server writes it; empty for all rows
     * @param missingColumns columns that aren't sent, as they are written in SQL; empty if all are
     */
    public record PublishedTable(TableName table, String filter, String missingColumns) {}

    /**
     * A subscription of the source itself: it follows another server, or did. Immutable.
     *
     * @param name its name
     * @param enabled whether it is enabled
     * @param slot the slot that it reads from, on whichever server it follows; empty if it has none
     */
    public record SourceSubscription(String name, boolean enabled, String slot) {}

    /**
     * A logical slot of the database. Immutable.
     *
     * @param name its name
     * @param plugin the plugin that decodes for it
     * @param active whether somebody is connected to it
     * @param confirmed the position up to which its reader has everything; empty if it never reported any
     * @param behind bytes of log from there to the end
     * @param retained bytes of log that the server keeps because of it
     * @param walStatus what the server says about that log: {@code reserved}, {@code extended}, {@code unreserved},
     *     {@code lost}; empty before Postgres 13
     * @param safe bytes that may still be written before the slot is in danger; empty without such a limit
     * @param delay how long its reader recently took from receiving to having on disk, if the server tells
     */
    public record SlotFacts(
            String name,
            String plugin,
            boolean active,
            OptionalLong confirmed,
            OptionalLong behind,
            OptionalLong retained,
            String walStatus,
            OptionalLong safe,
            Optional<Duration> delay) {}

    /**
     * A subscription of the target. Immutable.
     *
     * @param name its name
     * @param number its oid
     * @param enabled whether it is enabled
     * @param slot the slot that it reads from; empty if it has none
     * @param publications the publications that it reads
     * @param worker the process that applies its changes; 0 for none
     * @param runsFor for how long that process has been running; empty if the server doesn't say
     * @param applyErrors how often applying failed since the counters began; empty before Postgres 15
     * @param copyErrors how often copying a table failed
     * @param following whether it is proven to read from the source
     * @param conflicts which conflicts it counted, such as {@code confl_update_missing=3}; empty before Postgres 18
     */
    public record SubscriptionFacts(
            String name,
            long number,
            boolean enabled,
            String slot,
            List<String> publications,
            int worker,
            Optional<Duration> runsFor,
            OptionalLong applyErrors,
            OptionalLong copyErrors,
            FollowResult following,
            String conflicts) {
        public SubscriptionFacts {
            publications = List.copyOf(publications);
        }

        /** All errors that were counted. */
        public long errors() {
            return applyErrors.orElse(0) + copyErrors.orElse(0);
        }

        /** Whether it reads from another server, whatever the name of its slot. */
        public boolean readsElsewhere() {
            return following.state() == State.ELSEWHERE || following.state() == State.REFUTED;
        }
    }

    /**
     * A table of a subscription. Immutable.
     *
     * @param table the table
     * @param subscription its subscription
     * @param state how far it is
     * @param worker whether a worker is copying it now
     * @param copiedBytes how much of it was copied, if the server tells
     * @param copiedRows the same in rows
     */
    public record TableProgress(
            TableName table,
            String subscription,
            TableState state,
            boolean worker,
            OptionalLong copiedBytes,
            OptionalLong copiedRows) {}

    /** The states of a table of a subscription, in the order in which it goes through them. */
    public enum TableState {
        /** Nothing has been done yet. */
        WAITING("i", "waits for its copy"),
        /** Its rows are being copied. */
        COPYING("d", "is being copied"),
        /** Its rows have arrived, later changes haven't yet. */
        COPIED("f", "is copied, catches up"),
        /** It has caught up and is handed over to the subscription's main worker. */
        SYNCHRONIZED("s", "has caught up"),
        /** It follows every change. */
        FOLLOWING("r", "follows"),
        /** A state that this program doesn't know. */
        UNKNOWN("", "in an unknown state");

        private final String code;
        private final String words;

        TableState(String code, String words) {
            this.code = code;
            this.words = words;
        }

        /** For the catalog's {@code srsubstate}. */
        public static TableState of(String code) {
            return Arrays.stream(values())
                    .filter(each -> each.code.equals(code))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        public String words() {
            return words;
        }
    }
}
