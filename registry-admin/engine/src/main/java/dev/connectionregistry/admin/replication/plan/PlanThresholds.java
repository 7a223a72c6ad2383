package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.common.ByteSize;

/**
 * From where on a table is large, and how fine the slices are.
 *
 * @param bytes from this size on
 * @param tuples or from this many rows on
 * @param slices how many slices at most; 0 for none
 */
public record PlanThresholds(ByteSize bytes, long tuples, int slices) {
    /** 50 GB, 10 million rows, at most 8 slices. */
    public static final PlanThresholds USUAL = new PlanThresholds(ByteSize.parse("50GB"), 10_000_000, 8);

    boolean isLarge(TableFacts table) {
        return table.bytes() >= bytes.bytes() || table.tuples() >= tuples;
    }

    /** One for each fifth of what makes a table large, at least two. */
    int slicesOf(TableFacts table) {
        long bySize = table.bytes() * 5 / Math.max(1, bytes.bytes());
        long byTuples = table.tuples() * 5 / Math.max(1, tuples);
        return (int) Math.min(slices, Math.max(2, Math.max(bySize, byTuples)));
    }
}
