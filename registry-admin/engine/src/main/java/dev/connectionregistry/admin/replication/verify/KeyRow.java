package dev.connectionregistry.admin.replication.verify;

import java.util.List;

/**
 * A row as the comparison of keys sees it.
 *
 * @param hash of its key, by which they are sorted
 * @param key the text of each key column
 * @param content hash of the row; empty if it isn't in the sample
 */
public record KeyRow(String hash, List<String> key, String content) {
    /** Copies the key. */
    public KeyRow {
        key = List.copyOf(key);
    }
}
