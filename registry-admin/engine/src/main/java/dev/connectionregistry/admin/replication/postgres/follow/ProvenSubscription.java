package dev.connectionregistry.admin.replication.postgres.follow;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Readings;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A subscription and what is known about it.
 *
 * @param subscription the subscription on the target
 * @param following whether it reads from the source
 * @param link the two processes that were seen to be joined: the worker and the one that serves its slot; empty unless
 *     proven
 */
public record ProvenSubscription(TargetSubscription subscription, FollowResult following, String link) {
    /** Whether it is proven that it reads from the source. */
    public boolean proven() {
        return following.proven();
    }

    /** {@code subscription "a" is disabled}. */
    public String words() {
        return "subscription \"" + subscription.name() + "\" " + following.why();
    }

    static String link(TargetSubscription subscription, Slot slot) {
        return subscription.worker() + " " + slot.reader();
    }

    /** Whether the same two processes are still joined. */
    boolean isStill(Readings now) {
        Slot slot = now.slots().get(subscription.slot());
        TargetSubscription there = now.subscriptions().get(subscription.name());
        return slot != null && there != null && link(there, slot).equals(link);
    }

    /** Whether nothing has changed that could change what is known about it. */
    boolean isSame(Readings now) {
        TargetSubscription there = now.subscriptions().get(subscription.name());
        return there != null
                && there.slot().equals(subscription.slot())
                && there.enabled() == subscription.enabled()
                && there.publications().equals(subscription.publications())
                && (proven() ? isStill(now) : !there.enabled());
    }

    /** What a round says about it; valid only if {@link #isStill}. */
    FollowRound.Verdict verdict(FollowRound round, Readings now) {
        Slot slot = now.slots().get(subscription.slot());
        TargetSubscription there = now.subscriptions().get(subscription.name());
        return slot == null || there == null
                ? FollowRound.Verdict.WAIT
                : round.after(slot.acknowledged(), there.received(), now.end());
    }

    /**
     * A subscription of the target's database, as the target has it. Immutable.
     *
     * @param name its name
     * @param slot the slot that it should read from; empty for none
     * @param enabled whether it is enabled
     * @param publications the publications that it subscribes to
     * @param worker its leading worker: its process id, and its start if that may be seen; empty for none
     * @param received the position up to which that worker has received the log of its server; empty if it has received
     *     nothing
     */
    public record TargetSubscription(
            String name, String slot, boolean enabled, Set<String> publications, String worker, OptionalLong received) {
        public TargetSubscription {
            publications = Set.copyOf(publications);
        }

        static TargetSubscription read(ResultSet row) throws SQLException {
            long received = row.getLong(7);
            boolean nothing = row.wasNull() || received == 0;
            int pid = row.getInt(5);
            return new TargetSubscription(
                    row.getString(1),
                    row.getString(2),
                    row.getBoolean(3),
                    Set.of((String[]) row.getArray(4).getArray()),
                    pid == 0 ? "" : pid + " " + row.getString(6),
                    nothing ? OptionalLong.empty() : OptionalLong.of(received));
        }
    }
}
