package dev.connectionregistry.admin.replication.verify;

import java.util.List;

/**
 * A row that the servers don't have alike. Holds its key, never its contents.
 *
 * @param key the text of each key column
 * @param kind what is wrong
 */
public record KeyDifference(List<String> key, Kind kind) {
    /** Copies the key. */
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

        /** For people. */
        public String words() {
            return words;
        }
    }
}
