package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

public interface Publications {
    List<Publication> all(Duration bound) throws ServerException;

    /**
     * Makes a publication without tables.
     *
     * @param viaRoot whether changes of partitions are sent as changes of their root; only from 13 on
     */
    void create(String name, boolean viaRoot, Duration bound) throws ServerException;

    /**
     * Makes a publication of the rows of a table for which {@code condition} is true, without {@code TRUNCATE}. Only
     * from 15 on.
     */
    void createSlice(String name, boolean viaRoot, TableName table, String condition, Duration bound)
            throws ServerException;

    /** Adds a table whose rows are copied afterwards: what open transactions have written to it comes with the copy. */
    void add(String name, TableName table, Duration bound) throws ServerException;

    /**
     * Adds a table whose rows the server doesn't copy, if it isn't in the publication yet. Waits for the transactions
     * that have written to it: what they wrote before wouldn't be sent, and a copy that begins before they end wouldn't
     * see it either.
     */
    void addAfterWriters(String name, TableName table, Duration bound) throws ServerException;

    void drop(String name, Duration bound) throws ServerException;

    /**
     * What in a publication may be younger than a slot, so that changes between the two aren't in it: tables, or the
     * publication itself. Errs on the side of caution if other slots or long transactions held the slot back when it
     * was made.
     */
    List<String> youngerThan(String slot, String publication, Duration bound) throws ServerException;

    /**
     * A publication.
     *
     * @param name its name
     * @param viaRoot whether changes of partitions are sent as changes of their root
     * @param tables its tables, each with the text of its row filter, or an empty one
     */
    record Publication(String name, boolean viaRoot, Map<TableName, String> tables) {
        public Publication {
            tables = Map.copyOf(tables);
        }
    }
}
