package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The result of a table. Immutable.
 *
 * @param table which
 * @param result what
 * @param sourceRows how many rows the source had when it was read; empty if it wasn't
 * @param targetRows the same for the target, a moment earlier or later
 * @param compared of which rows the contents were compared: {@code all}, {@code 1 %}; empty if they weren't
 * @param reason why it is different or not compared; notes otherwise
 * @param keyColumns the key's columns; empty if there is none
 * @param differences the first of the rows that differ
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

    /** What may come of a table. */
    public enum Result {
        /** Every row has its counterpart, and the contents that were compared are equal. */
        EQUAL,
        /** They aren't. */
        DIFFERENT,
        /** It isn't known. */
        NOT_COMPARED
    }

    /** Without anything having been read. */
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

    /** With how long it took. */
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
     * A row that the servers don't have alike. Holds its key, never its contents.
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
            /** Both have it, with other contents. */
            OTHER_CONTENT("other content");

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
