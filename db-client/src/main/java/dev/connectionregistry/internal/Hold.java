package dev.connectionregistry.internal;

/**
 * A closed gate, or one that was closed longer than it may be. Immutable.
 *
 * @param cutover which cutover closed it
 * @param closedBy the version whose reading closed it; the time runs from then
 * @param drained whether nothing is in use any more
 * @param overdue whether the gate was opened again because the hold lasted too long; stays so until newer settings say hold
 */
record Hold(String cutover, long closedBy, boolean drained, boolean overdue) {
    Hold nowDrained() {
        return new Hold(cutover, closedBy, true, overdue);
    }

    Hold nowOverdue() {
        return new Hold(cutover, closedBy, drained, true);
    }
}
