package dev.connectionregistry.internal;

/**
 * A closed gate, or a gate that was closed for too long. Immutable.
 *
 * @param run which cutover closed it
 * @param closedBy the version that closed it; the time counts from the moment when it was read
 * @param drained whether nothing is in use any more
 * @param stage whether the gate is closed, or has opened because the hold lasted too long
 */
record GateHold(String run, long closedBy, boolean drained, Stage stage) {
    /** The state of the gate; only a new hold leads back. */
    enum Stage {
        /** Callers wait. */
        CLOSED,
        /** Opened to the source after too long; remains so until newer settings end the hold, or hold again. */
        OVERDUE,
        /** As {@link #OVERDUE}, and the source was found to refuse writes. */
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

    /** Whether the gate has opened because the hold lasted too long. */
    boolean overdue() {
        return stage != Stage.CLOSED;
    }

    /** What is wrong with an overdue hold, and who can end it. */
    String complaint() {
        return "cutover " + run + " held for twice its budget and has not ended; "
                + (stage == Stage.OVERDUE_FENCED
                        ? "the source is fenced and serves reads only, writes fail with SQLState 25006"
                        : "still serving from the source, where no fence was found")
                + "; if its coordinator is gone: 'registry-admin cutover resume' or 'cutover abort'";
    }
}
