package dev.connectionregistry.admin.cutover.decision;

/** How a coordinator's work ended. */
public enum RunOutcome {
    /** The fleet is on the target. */
    SWITCHED,
    /** The switch is done, but not everyone was seen on the target in time; whoever is late moves by itself. */
    SWITCHED_NOT_ALL_SEEN,
    /** The rehearsal went well, and everything is as before. */
    REHEARSED,
    /** Everything is as before. */
    UNDONE,
    /** Nothing was begun. */
    REFUSED,
    /** Another coordinator took the run over; it decides now. */
    TAKEN_OVER,
    /** The switch was done already, so it can't be undone. */
    TOO_LATE,
    /** Somebody else changed the settings without regard to the run. */
    FOREIGN,
    /** It could not be brought to an end here: a server or the registry is out of reach. The run stays open. */
    STUCK
}
