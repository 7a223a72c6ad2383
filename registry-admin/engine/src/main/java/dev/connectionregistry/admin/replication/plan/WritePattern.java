package dev.connectionregistry.admin.replication.plan;

/** What was done to a table since the server's statistics count. */
public enum WritePattern {
    /** Rows came, and none was changed or deleted. */
    APPEND_ONLY("append-only"),
    /** Rows were changed or deleted. */
    UPDATED("updated"),
    /** Nothing. */
    IDLE("idle");

    private final String word;

    WritePattern(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
