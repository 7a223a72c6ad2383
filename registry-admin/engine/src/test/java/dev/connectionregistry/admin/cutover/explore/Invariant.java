package dev.connectionregistry.admin.cutover.explore;

/** What must hold in every state, or of every step. */
enum Invariant {
    /** Once a connection to the target was handed out, nothing commits on the source. */
    NO_SPLIT_BRAIN,
    /** What was committed on the source is on the target when a connection to that is first handed out. */
    NO_LOSS,
    /** A closed gate has a time limit that opens it. */
    BOUNDED_HOLD,
    /** An answer that is absent, unreadable or older, and a hint or event of something past, changes no pool. */
    LAST_GOOD_WINS,
    /** An announcement whose secret fulfils a commitment that was read does what reading its version does; any other does nothing. */
    ANNOUNCEMENT_IS_READ,
    /** An instance that was counted as HELD has no transaction when the fence ends its sessions. */
    HELD_IS_IDLE,
    /** Once the gates of a process are closed it comes to be HELD, if all that isn't waiting comes to its end. */
    HOLD_IS_REACHED,
    /** From everywhere a fresh coordinator leads to one server for all, gates open, the fence up only if switched. */
    IT_ENDS,
    /** How a coordinator says it ended is so. */
    TRUTH
}
