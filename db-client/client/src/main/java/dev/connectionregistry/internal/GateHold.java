package dev.connectionregistry.internal;

/**
 * A closed gate, or one that was closed longer than it may be. Immutable.
 *
 * @param run which cutover closed it
 * @param closedBy the version whose reading closed it; the time runs from then
 * @param drained whether nothing is in use any more
 * @param stage whether it is closed, or was opened again because the hold lasted too long
 */
record GateHold(String run, long closedBy, boolean drained, Stage stage) {
    /** How it stands with the gate; no way back but a new hold. */
    enum Stage {
        /** Callers wait. */
        CLOSED,
        /** Opened onto the source after too long; stays so until newer settings end the hold, or hold again. */
        OVERDUE,
        /** As {@link #OVERDUE}, and the source is seen to refuse writes. */
        OVERDUE_FENCED
    }

    static GateHold closed(String run, long closedBy, boolean drained) {
        return new GateHold(run, closedBy, drained, Stage.CLOSED);
    }

    GateHold nowDrained() {
        return new GateHold(run, closedBy, true, stage);
    }

    GateHold nowOverdue() {
        return new GateHold(run, closedBy, drained, Stage.OVERDUE);
    }

    GateHold nowFenced() {
        return new GateHold(run, closedBy, drained, Stage.OVERDUE_FENCED);
    }

    /** Whether the gate was opened again because the hold lasted too long. */
    boolean overdue() {
        return stage != Stage.CLOSED;
    }

    /** What is wrong with one that is overdue, and who can end it. */
    String complaint() {
        return "cutover " + run + " held for twice its budget and has not ended; "
                + (stage == Stage.OVERDUE_FENCED
                        ? "the source is fenced and serves reads only, writes fail with SQLState 25006"
                        : "serving on from the source, where no fence has been met")
                + "; if its coordinator is gone: 'registry-admin cutover resume' or 'cutover abort'";
    }
}
