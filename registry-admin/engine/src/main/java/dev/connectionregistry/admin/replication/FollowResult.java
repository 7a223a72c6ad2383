package dev.connectionregistry.admin.replication;

/**
 * Whether a subscription of the target reads from the source, and why that is known or not. Immutable.
 *
 * @param state what is known
 * @param why for people: what was seen; empty if it was proven
 */
public record FollowResult(State state, String why) {
    /** It reads from the source's slot: proven by positions, not by names. */
    public static final FollowResult PROVEN = new FollowResult(State.PROVEN, "");

    /** What is known of a subscription. */
    public enum State {
        /** It reads from the slot of its name on the source. */
        PROVEN,
        /** It is disabled, so it reads from nothing; its slot's name exists on the source. */
        DISABLED,
        /** The source has no logical slot of its slot's name in this database. */
        ELSEWHERE,
        /** The name exists on the source, but its positions can't be those of the source. */
        REFUTED,
        /** It was neither proven nor refuted in time. */
        UNPROVEN
    }

    /** Whether it is proven that it reads from the source. */
    public boolean proven() {
        return state == State.PROVEN;
    }
}
