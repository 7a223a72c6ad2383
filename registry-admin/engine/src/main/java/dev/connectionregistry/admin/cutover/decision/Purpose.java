package dev.connectionregistry.admin.cutover.decision;

/** What a coordinator was started for. */
public enum Purpose {
    /** A new cutover. */
    CUTOVER,
    /** All steps up to and including the hold, then back. */
    REHEARSAL,
    /** Take a run over and bring it to its end. */
    RESUME,
    /** Take a run over and undo it. */
    ABORT;

    /** Whether an earlier coordinator of the same run may still be alive. */
    public boolean takesOver() {
        return this == RESUME || this == ABORT;
    }
}
