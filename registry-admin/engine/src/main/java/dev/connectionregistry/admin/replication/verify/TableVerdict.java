package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The result for a table. Immutable.
 *
 * @param table the table
 * @param result the result
 * @param sourceRows how many rows the source had when it was read; empty if it wasn't
 * @param targetRows the same for the target, a moment earlier or later
 * @param compared the share of rows whose contents were compared: {@code all}, {@code 1 %}; empty if they weren't
 * @param reason why it is different or not compared; notes otherwise
 * @param keyColumns the key's columns; empty if there is none
 * @param differences the first rows that differ
 * @param differing how many rows are known to differ
 * @param more whether there may be more of them than that
 * @param took how long it took
 */
public record TableVerdict(
        TableName table,
        Result result,
        OptionalLong sourceRows,
        OptionalLong targetRows,
        String compared,
        String reason,
        List<String> keyColumns,
        List<KeyDifference> differences,
        long differing,
        boolean more,
        Duration took) {
    public TableVerdict {
        keyColumns = List.copyOf(keyColumns);
        differences = List.copyOf(differences);
    }

    /** The possible results for a table. */
    public enum Result {
        /** Every row has its counterpart, and the contents that were compared are equal. */
        EQUAL,
        /** Rows are missing or differ. */
        DIFFERENT,
        /** The result is unknown. */
        NOT_COMPARED
    }

    /** The verdict on a table that wasn't read. */
    static TableVerdict unread(TableName table, Result result, String reason) {
        return new TableVerdict(
                table,
                result,
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                reason,
                List.of(),
                List.of(),
                0,
                false,
                Duration.ZERO);
    }

    /** The same, with how long it took. */
    TableVerdict after(Duration time) {
        return new TableVerdict(
                table,
                result,
                sourceRows,
                targetRows,
                compared,
                reason,
                keyColumns,
                differences,
                differing,
                more,
                time);
    }

    /**
     * A row that differs between the servers. Holds its key, never its contents.
     *
     * @param key the text of each key column
     * @param kind what is wrong
     */
    public record KeyDifference(List<String> key, Kind kind) {
        public KeyDifference {
            key = List.copyOf(key);
        }

        /** What may be wrong with a row. */
        public enum Kind {
            /** The source has it and the target doesn't. */
            MISSING_ON_TARGET("missing on the target"),
            /** The target has it and the source doesn't. */
            ONLY_ON_TARGET("only on the target"),
            /** Both have it, with different contents. */
            OTHER_CONTENT("different content");

            private final String words;

            Kind(String words) {
                this.words = words;
            }

            public String words() {
                return words;
            }
        }
    }
}
