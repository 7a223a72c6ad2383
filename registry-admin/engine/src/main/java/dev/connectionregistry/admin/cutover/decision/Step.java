package dev.connectionregistry.admin.cutover.decision;

import java.util.EnumSet;
import java.util.Set;

/** One thing that the coordinator does; one at a time. In the order of a run that goes well, then those that undo. */
public enum Step {
    /** Write the next epoch of the lock in the registry: from then on nothing an earlier holder sent takes effect. */
    TAKE_REGISTRY_LOCK,
    /**
     * Check that the registry's lock is still ours, else {@link StepResult.Kind#LOCK_LOST}; then say what the settings
     * contain.
     */
    LOOK,
    /** Open the session that alone may fence, ending an earlier run's if this one takes over. */
    TAKE_SERVER_LOCK,
    /** Check that everything that follows can be done, and plan the fence; changes nothing. */
    CHECK,
    /** Shorten the poll interval and wait until every instance uses it. */
    QUICKEN,
    /** Write phase PREPARE. */
    PREPARE,
    /** Wait until every instance is READY. */
    AWAIT_READY,
    /** Write phase HOLD; the hold budget runs from here to the switch. */
    HOLD,
    /** Wait until every instance is HELD. */
    AWAIT_HELD,
    /** Make the source refuse writes. */
    FENCE,
    /** End every other session on the source, check that none is left, and begin to try a write. */
    PROVE,
    /** Wait until the target has everything that was committed on the source before now. */
    BARRIER,
    /** Set the target's sequences from the source's. */
    SEQUENCES,
    /**
     * Check that the source refused the write, and that the target is the right server, accepts writes, and has the
     * same schema and rows.
     */
    VERIFY,
    /** Make a slot on the target, so that going back later loses nothing. */
    REVERSE_SLOT,
    /** Write the target as steady settings, if version and lock are still ours. The point of no return. */
    SWITCH,
    /** Wait until every instance serves from the target. */
    AWAIT_ACTIVE,
    /** Take the fence down. */
    LOWER_FENCE,
    /** Write the source's settings as steady ones. */
    WITHDRAW,
    /** Wait until every instance serves from the source, with its gate open. */
    AWAIT_BACK,
    /** Put the poll interval back. */
    RESTORE_INTERVAL,
    /** Give both locks back and close the journal. */
    UNLOCK;

    private static final Set<Step> IN_HOLD = EnumSet.range(HOLD, SWITCH);

    /** Whether callers wait meanwhile, so that the hold budget bounds it. */
    public boolean isInHold() {
        return IN_HOLD.contains(this);
    }
}
