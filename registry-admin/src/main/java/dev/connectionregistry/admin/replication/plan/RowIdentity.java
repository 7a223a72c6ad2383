package dev.connectionregistry.admin.replication.plan;

/** By what the subscriber finds the row that was changed or deleted. */
public enum RowIdentity {
    /** By the primary key. */
    KEY("primary key"),
    /** By another unique index. */
    INDEX("index"),
    /** By all columns, which is slow without an index. */
    FULL("all columns"),
    /** By nothing: once published, changing and deleting rows fails on the source. */
    NONE("none");

    private final String words;

    RowIdentity(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
