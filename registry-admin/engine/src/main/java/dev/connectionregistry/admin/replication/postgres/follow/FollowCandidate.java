package dev.connectionregistry.admin.replication.postgres.follow;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Readings;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Slot;
import dev.connectionregistry.admin.replication.postgres.follow.FollowRound.Lsn;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription.TargetSubscription;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The state of the proof for one subscription. For one thread. */
final class FollowCandidate {
    static final int ROUNDS = 4;
    /** A worker reports to the source what it has received an instant before it reports it to its own server. */
    private static final Duration OTHER_READER = Duration.ofSeconds(2);

    private final TargetSubscription subscription;
    private String link;
    private FollowResult following = FollowResult.PROVEN;
    private boolean open = true;
    private boolean waits;
    /**
     * Whether the round counts: not if a process started during it, since its report from before the record is missing.
     */
    private boolean counts;

    private int fitting;
    private OptionalLong otherSince = OptionalLong.empty();
    private String seen = "";

    FollowCandidate(TargetSubscription subscription, Slot slot) {
        this.subscription = subscription;
        this.link = ProvenSubscription.link(subscription, slot);
    }

    String name() {
        return subscription.name();
    }

    TargetSubscription subscription() {
        return subscription;
    }

    /** Whether it is neither proven nor refuted. */
    boolean isOpen() {
        return open;
    }

    /** Whether the current round goes on. */
    boolean waits() {
        return open && waits;
    }

    ProvenSubscription result() {
        return new ProvenSubscription(subscription, following, following.proven() ? link : "");
    }

    /** Another round begins; {@code before} was read before its record was written. */
    void begin(FollowRound round, @Nullable TargetSubscription before) {
        waits = true;
        counts = before != null;
        otherSince = OptionalLong.empty();
        if (before != null && round.before(before.received()) == FollowRound.Verdict.AHEAD) {
            ahead();
        }
    }

    void judge(FollowRound round, Readings now) {
        Slot slot = now.slots().get(subscription.slot());
        TargetSubscription there = now.subscriptions().get(name());
        if (!waits()) {
            return;
        }
        if (slot == null || there == null || !there.slot().equals(subscription.slot())) {
            unproven("was changed, or its slot was, during the check");
            return;
        }
        String joined = ProvenSubscription.link(there, slot);
        if (!joined.equals(link)) {
            link = joined;
            fitting = 0;
            counts = false;
            otherSince = OptionalLong.empty();
        }
        seen = "; the slot's reader has acknowledged " + Lsn.text(slot.acknowledged())
                + ", the subscription has received "
                + (there.received().isPresent() ? Lsn.text(there.received().getAsLong()) : "nothing")
                + ", the source's log ends at " + Lsn.text(now.end());
        switch (round.after(slot.acknowledged(), there.received(), now.end())) {
            case FITS -> fits();
            case AHEAD -> ahead();
            case OTHER_READER -> otherReader();
            case WAIT -> otherSince = OptionalLong.empty();
        }
    }

    private void fits() {
        waits = false;
        fitting += counts ? 1 : 0;
        open = fitting < ROUNDS;
    }

    private void otherReader() {
        long now = System.nanoTime();
        if (otherSince.isEmpty()) {
            otherSince = OptionalLong.of(now);
        } else if (now - otherSince.getAsLong() > OTHER_READER.toNanos()) {
            refuted("another subscription reads from that slot of the source");
        }
    }

    private void ahead() {
        refuted("it has received what the source never wrote");
    }

    private void refuted(String how) {
        decide(
                State.REFUTED,
                "reads from a slot \"" + subscription.slot() + "\" of another server, not of this source: " + how
                        + seen);
    }

    /** The time is over. */
    void late(Deadline bound) {
        if (open) {
            unproven("was not proven within " + bound.whole().toMillis() + " ms to read from slot \""
                    + subscription.slot() + "\" of this source; it may only be behind" + seen);
        }
    }

    void unproven(String why) {
        decide(State.UNPROVEN, why);
    }

    private void decide(State state, String why) {
        if (open) {
            following = new FollowResult(state, why);
            open = false;
        }
    }
}
