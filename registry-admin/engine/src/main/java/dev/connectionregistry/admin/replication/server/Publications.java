package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

public interface Publications {
    List<Publication> all(Duration bound) throws ServerException;

    /**
     * Makes one without tables.
     *
     * @param viaRoot whether partitions' changes are sent as their root's; only from 13 on
     */
    void create(String name, boolean viaRoot, Duration bound) throws ServerException;

    /** Makes one of those rows of a table that {@code condition} is true for; not of {@code TRUNCATE}. Only from 15 on. */
    void createSlice(String name, boolean viaRoot, TableName table, String condition, Duration bound)
            throws ServerException;

    /** Adds a table to one, whose rows are copied afterwards: what open transactions have written to it comes with the copy. */
    void add(String name, TableName table, Duration bound) throws ServerException;

    /**
     * Adds a table whose rows the server doesn't copy, if it isn't there yet. Waits for the transactions that have written to it: what they wrote before
     * wouldn't be sent, and a copy that begins before they end doesn't see it either.
     */
    void addAfterWriters(String name, TableName table, Duration bound) throws ServerException;

    void drop(String name, Duration bound) throws ServerException;

    /**
     * What of a publication may be younger than a slot, so that changes between the two aren't in it: tables, or the publication
     * itself. Errs on the careful side where other slots or long transactions held the slot back when it was made.
     */
    List<String> youngerThan(String slot, String publication, Duration bound) throws ServerException;

    /**
     * A publication.
     *
     * @param name its name
     * @param viaRoot whether partitions' changes are sent as their root's
     * @param tables its tables, each with the text of its row filter, or an empty one
     */
    record Publication(String name, boolean viaRoot, Map<TableName, String> tables) {
        public Publication {
            tables = Map.copyOf(tables);
        }
    }
}
