package dev.connectionregistry.admin.replication.plan;

/** What the subscriber uses to find a row that was changed or deleted. */
public enum RowIdentity {
    /** By the primary key. */
    KEY("primary key"),
    /** By another unique index. */
    INDEX("index"),
    /** By all columns, which is slow without an index. */
    FULL("all columns"),
    /** By all columns, some of which can't be compared: the target doesn't find the row, and replication stops. */
    INCOMPARABLE("all columns, not all comparable"),
    /** Nothing: once published, changing and deleting rows fails on the source. */
    NONE("none");

    private final String words;

    RowIdentity(String words) {
        this.words = words;
    }

    /**
     * The identity of a partitioned table that has this one itself, if a partition has {@code other}: the server uses
     * the partition's.
     */
    RowIdentity and(RowIdentity other) {
        if (!findsRows() || !other.findsRows()) {
            return this == NONE || other == NONE ? NONE : INCOMPARABLE;
        }
        return this == INDEX || other == INDEX ? INDEX : this;
    }

    /** Whether updates and deletes can be replicated. */
    public boolean findsRows() {
        return this != NONE && this != INCOMPARABLE;
    }

    @Override
    public String toString() {
        return words;
    }
}
