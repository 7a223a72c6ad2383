package dev.connectionregistry.admin.cutover.explore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rule left out on purpose. Each but the last two names the invariant that must be seen to break without it. */
enum Mutation {
    /** The source is never fenced, nor is that noticed. */
    SKIPS_FENCE(Invariant.NO_SPLIT_BRAIN),
    /** Sessions that began before the fence live on. */
    SKIPS_PROVE(Invariant.NO_SPLIT_BRAIN),
    /** The position that the target must reach is taken when the fence is about to go up. */
    BARRIER_BEFORE_FENCE(Invariant.NO_LOSS),
    /** The switch is written whoever has the lock, and whatever stands. */
    SWITCHES_UNCONDITIONALLY(Invariant.NO_SPLIT_BRAIN),
    /** The switch is written whoever has the lock, if the version that was seen still stands. */
    SWITCHES_WITHOUT_EPOCH(Invariant.NO_SPLIT_BRAIN),
    /** Whoever wants to lowers the fence, over any connection. */
    LOWERS_WITHOUT_SESSION(Invariant.NO_SPLIT_BRAIN),
    /** Taking over opens a second session and leaves the first alone. */
    KEEPS_EARLIER_SESSION(Invariant.NO_SPLIT_BRAIN),
    /** Taking over leaves the earlier coordinator's epoch good. */
    KEEPS_EARLIER_EPOCH(Invariant.NO_SPLIT_BRAIN),
    /** Having got the session over from somebody, it doesn't see whether the lock is still its own. */
    NO_SECOND_LOOK(Invariant.NO_SPLIT_BRAIN),
    /** On the way back the source's settings are steady before the fence is down. */
    WITHDRAWS_BEFORE_LOWERING(Invariant.IT_ENDS),
    /** A switch whose answer was lost counts as one that failed. */
    UNDOES_UNKNOWN_SWITCH(Invariant.NO_SPLIT_BRAIN),
    /** An act whose answer was lost is settled by a look, without the next epoch. */
    SETTLES_WITHOUT_EPOCH(Invariant.NO_SPLIT_BRAIN),
    /** Taking over from HOLD goes on where the journal says that the earlier one was: before the switch. */
    RESUME_TRUSTS_JOURNAL(Invariant.NO_SPLIT_BRAIN),
    /** An abort undoes without looking what stands. */
    ABORTS_BLINDLY(Invariant.NO_SPLIT_BRAIN),
    /** An instance serves from its standby as soon as it is open. */
    PUBLISHES_ON_PREPARE(Invariant.NO_SPLIT_BRAIN),
    /** A closed gate has no time limit. */
    NEVER_TIMES_OUT(Invariant.BOUNDED_HOLD),
    /** Older settings are taken like newer ones. */
    BELIEVES_OLDER_READS(Invariant.LAST_GOOD_WINS),
    /** Whoever undoes says so without looking whether it was done. */
    SAYS_UNDONE_BLINDLY(Invariant.TRUTH),
    /** A secret is revealed when its version is about to be written. */
    REVEALS_BEFORE_WRITTEN(Invariant.NO_SPLIT_BRAIN),
    /** An instance acts on an announcement with any secret, if there is a commitment to what is announced. */
    IGNORES_DIGESTS(Invariant.NO_SPLIT_BRAIN),
    /** An announcement is about the version after that which an instance knows, and a HOLD keeps its commitment. */
    TAKES_VERSIONS_AS_RELATIVE(Invariant.IT_ENDS),
    /** A digest is bound to neither run nor version: the secrets that the first cutover revealed count in the second. */
    TAKES_ANOTHER_RUNS_SECRETS(Invariant.NO_SPLIT_BRAIN),
    /** A report from before this version counts. */
    COUNTS_STALE_REPORTS(Invariant.HELD_IS_IDLE),
    /** An instance that said HELD counts for the HOLD that a successor writes. */
    COUNTS_EARLIER_HELD(Invariant.HELD_IS_IDLE),
    /** The gate stays open during a hold. */
    GATE_STAYS_OPEN(Invariant.HELD_IS_IDLE),

    /** Two names are switched one after the other. */
    SWITCHES_NAMES_APART(Invariant.NO_SPLIT_BRAIN),
    /** Of two sources only the first is fenced, nor is that noticed. */
    FENCES_ONE_SOURCE(Invariant.NO_SPLIT_BRAIN),
    /** Of two targets only the first must have everything. */
    WAITS_FOR_ONE_TARGET(Invariant.NO_LOSS),
    /** The undo is written when the first of two fences is down. */
    LOWERS_ONE_FENCE(Invariant.IT_ENDS),
    /** Taking over ends only the first of two sessions. */
    TAKES_ONE_SESSION(Invariant.NO_SPLIT_BRAIN),

    /** Of a process with two names each becomes HELD as soon as nothing of its own is in use. */
    HOLDS_NAMES_APART(Invariant.HOLD_IS_REACHED),
    /** Nobody is let through a closed gate. */
    LETS_NOBODY_THROUGH(Invariant.HOLD_IS_REACHED),
    /** Only threads are let through that were let through before. */
    LETS_ONLY_KNOWN_THROUGH(Invariant.HOLD_IS_REACHED),
    /** Those who were let through are forgotten. */
    FORGETS_WHO_IS_INSIDE(Invariant.HOLD_IS_REACHED),
    /** Callers are let through although the gate is HELD. */
    LETS_THROUGH_WHEN_HELD(Invariant.HELD_IS_IDLE),

    /** The switch is written whatever stands, if the lock is its own: a guard only against those who write without the lock. */
    SWITCHES_WITHOUT_VERSION(null),
    /** Nobody waits for the instances to be HELD. */
    SKIPS_AWAIT_HELD(null);

    private final @Nullable Invariant breaks;

    Mutation(@Nullable Invariant breaks) {
        this.breaks = breaks;
    }

    /** What is seen to break; empty if data stay safe without the rule, which then is for the callers' comfort. */
    Optional<Invariant> breaks() {
        return Optional.ofNullable(breaks);
    }
}
