package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One of the two servers, for reading. Every call is one statement, bounded; none writes. For one thread at a time,
 * except {@link #cancel}. The caller closes it.
 */
public interface TableSide extends AutoCloseable {
    /** What is needed to compare two servers. The caller closes everything in it. */
    record Opened(TableSide source, TableSide target, Follower follower) {}

    /** Logs in on both servers. */
    interface Opener {
        /**
         * Logs in.
         *
         * @throws ServerException if a server can't be reached or refuses; then nothing is left open
         */
        Opened open(ServerPair pair, Duration bound) throws ServerException;
    }

    /** Every table of the database that isn't the system's, an extension's, temporary or a partition. */
    List<TableShape> tables(Duration bound) throws ServerException;

    /** All rows in {@code count} buckets (a power of two) by the hash of their key; buckets without rows are left out. */
    Map<Integer, Bucket> buckets(SideQuery query, int count, Sampling sampling, Duration bound) throws ServerException;

    /** All rows of a table without a key. */
    KeylessTable whole(SideQuery query, Duration bound) throws ServerException;

    /** Begins to read the keys of some of the buckets, sorted by their hash; only one such read at a time. */
    void openKeys(SideQuery query, int count, List<Integer> buckets, Sampling sampling, Duration bound)
            throws ServerException;

    /** The next keys, about {@code atMost} of them; empty at the end. */
    List<KeyRow> nextKeys(int atMost, Duration bound) throws ServerException;

    /** Ends reading keys; does nothing if that wasn't begun. */
    void closeKeys(Duration bound) throws ServerException;

    /** The current rows with these keys, each under its index in {@code keys}; missing rows are left out. */
    Map<Integer, RowVersion> rows(SideQuery query, List<List<String>> keys, Duration bound) throws ServerException;

    /** Ends the statement that is running, if one is; from any thread, best effort. */
    void cancel(Duration bound);

    @Override
    void close();

    /**
     * A group of rows. Two are equal if, for all practical purposes, they contain the same rows.
     *
     * @param rows how many rows
     * @param digest the sums of their hashes
     */
    record Bucket(long rows, String digest) {}

    /**
     * A whole table that has no key.
     *
     * @param content its rows
     * @param versions a digest of which versions of rows the server has; the same only as long as nothing was written
     */
    record KeylessTable(Bucket content, String versions) {}

    /**
     * A row as the comparison of keys sees it.
     *
     * @param hash the hash of its key, by which rows are sorted
     * @param key the text of each key column
     * @param content the hash of the row; empty if it isn't in the sample
     */
    record KeyRow(String hash, List<String> key, String content) {
        public KeyRow {
            key = List.copyOf(key);
        }
    }

    /**
     * A row that was looked up by its key.
     *
     * @param content hash of the row
     * @param version the server's own mark for this version of the row; as long as it stays the same, nothing wrote to
     *     the row
     */
    record RowVersion(String content, String version) {
        /** Both together, for a key that exists more than once. */
        public RowVersion and(RowVersion other) {
            boolean first = (content + version).compareTo(other.content + other.version) < 0;
            return first
                    ? new RowVersion(content + "," + other.content, version + "," + other.version)
                    : new RowVersion(other.content + "," + content, other.version + "," + version);
        }
    }

    /** Knows whether the target has what the source had. For one thread. The caller closes it. */
    interface Follower extends AutoCloseable {
        /**
         * What is waited for: {@code slot "registry_orders"}; empty if the target doesn't follow the source at all.
         *
         * @throws ServerException if it should follow and can't, saying why
         */
        String describe(Duration bound) throws ServerException;

        /**
         * Waits until the target has everything that the source had committed when this was called. Does nothing if it
         * doesn't follow.
         *
         * @throws ServerException {@code TIMED_OUT} with how far behind it was
         */
        void await(Duration bound) throws ServerException;

        /** How far it is while {@link #await} waits, for people: {@code slot "registry_orders" 12 bytes behind}; may be empty. Any thread may ask. */
        default String progress() {
            return "";
        }

        @Override
        void close();
    }
}
