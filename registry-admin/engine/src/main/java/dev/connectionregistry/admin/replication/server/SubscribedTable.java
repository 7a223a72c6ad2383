package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.TableName;

/**
 * How a table of a subscription stands.
 *
 * @param table its name
 * @param state as in {@code pg_subscription_rel}: i, d, f, s or r
 * @param worker the process that copies it now; 0 for none
 * @param rows that the copy has brought; -1 where the server doesn't say
 * @param bytes that the copy has read, or that the table has on disk by now
 * @param rowsLeftOut whether it was taken in without the rows that were there
 */
public record SubscribedTable(TableName table, char state, int worker, long rows, long bytes, boolean rowsLeftOut) {
    /** Whether it follows the changes like the others. */
    public boolean follows() {
        return state == 'r';
    }

    /** Whether its rows are there, and only changes are to be caught up with. */
    public boolean isCopied() {
        return state == 'r' || state == 's' || state == 'f';
    }
}
