package dev.connectionregistry.admin.replication.plan;

/**
 * How many rows were written since the server's statistics count.
 *
 * @param inserts new ones
 * @param updates changed ones
 * @param deletes deleted ones; {@code TRUNCATE} isn't counted by the server
 */
public record WriteCounts(long inserts, long updates, long deletes) {
    /** None. */
    public static final WriteCounts NONE = new WriteCounts(0, 0, 0);

    /** Of both together. */
    public WriteCounts plus(WriteCounts other) {
        return new WriteCounts(inserts + other.inserts, updates + other.updates, deletes + other.deletes);
    }

    /** What that makes it; a single change makes it one that is updated. */
    public WritePattern pattern() {
        if (updates > 0 || deletes > 0) {
            return WritePattern.UPDATED;
        }
        return inserts > 0 ? WritePattern.APPEND_ONLY : WritePattern.IDLE;
    }
}
