package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.server.TableName;

/**
 * What is to be done with a table.
 *
 * @param facts what is known of it
 * @param method how its rows get there
 * @param slices how many; 0 unless it is sliced
 * @param reason why this method
 * @param problem what must be done before it can be replicated, with the statement; empty if nothing
 * @param note what to know of it; may be empty
 */
public record PlannedTable(
        TableFacts facts, CopyMethod method, int slices, String reason, String problem, String note) {
    /** Its name. */
    public TableName name() {
        return facts.name();
    }

    /** {@code slices (4)}. */
    public String methodText() {
        return method == CopyMethod.SLICES ? method + " (" + slices + ")" : method.word();
    }
}
