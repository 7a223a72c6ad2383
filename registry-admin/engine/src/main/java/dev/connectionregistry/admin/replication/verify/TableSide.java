package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One of the two servers, for reading. Every call is one statement, bounded; none writes. For one thread at a time, apart from
 * {@link #cancel}. The caller closes it.
 */
public interface TableSide extends AutoCloseable {
    /** What is needed of two servers to compare them. Everything in it is the caller's to close. */
    record Opened(TableSide source, TableSide target, Follower follower) {}

    /** Logs in on both servers. */
    interface Opener {
        /**
         * Logs in.
         *
         * @throws ServerException if one of them can't be reached or refuses; nothing is left open then
         */
        Opened open(ServerPair pair, Duration bound) throws ServerException;
    }

    /** Every table of the database that isn't the system's, an extension's, temporary or a partition. */
    List<TableShape> tables(Duration bound) throws ServerException;

    /** All rows in {@code count} buckets (a power of two) by the hash of their key; buckets without rows are left out. */
    Map<Integer, Bucket> buckets(SideQuery query, int count, Sampling sampling, Duration bound) throws ServerException;

    /** All rows of a table without a key. */
    KeylessTable whole(SideQuery query, Duration bound) throws ServerException;

    /** Begins to read the keys of some of the buckets, sorted by their hash; at most one at a time. */
    void openKeys(SideQuery query, int count, List<Integer> buckets, Sampling sampling, Duration bound)
            throws ServerException;

    /** The next keys, about so many; empty at the end. */
    List<KeyRow> nextKeys(int atMost, Duration bound) throws ServerException;

    /** Ends reading keys; nothing if it wasn't begun. */
    void closeKeys(Duration bound) throws ServerException;

    /** The rows with these keys as they are now, each under its place in {@code keys}; those that aren't there are left out. */
    Map<Integer, RowVersion> rows(SideQuery query, List<List<String>> keys, Duration bound) throws ServerException;

    /** Ends the statement that is running, if one is; from any thread, best effort. */
    void cancel(Duration bound);

    @Override
    void close();
}
