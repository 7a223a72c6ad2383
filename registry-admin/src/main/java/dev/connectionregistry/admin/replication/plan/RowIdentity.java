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

    /** What a partitioned table has that has this one itself, if a partition has {@code other}: the server asks the partition. */
    RowIdentity and(RowIdentity other) {
        if (this == NONE || other == NONE) {
            return NONE;
        }
        return this == INDEX || other == INDEX ? INDEX : this;
    }

    @Override
    public String toString() {
        return words;
    }
}
