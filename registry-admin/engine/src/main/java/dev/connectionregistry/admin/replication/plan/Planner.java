package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts.WritePattern;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses a method for every table. Pure. */
public final class Planner {
    private static final String FILTERS = "15 on both sides";

    private final SourceFacts facts;
    private final PlanThresholds thresholds;

    public Planner(SourceFacts facts, PlanThresholds thresholds) {
        this.facts = facts;
        this.thresholds = thresholds;
    }

    /** Every table that can be published by itself, smallest first, so that problems show early. */
    public List<PlannedTable> plan() {
        return units(facts).stream()
                .map(this::choose)
                .sorted(Comparator.comparing((PlannedTable each) -> each.method() == CopyMethod.LEAVE_OUT)
                        .thenComparing(each -> each.facts().bytes())
                        .thenComparing(PlannedTable::name))
                .toList();
    }

    /**
     * The tables that are published: partitioned ones through their root, with their partitions' sizes, if both servers
     * support that; otherwise each partition by itself.
     */
    public static List<TableFacts> units(SourceFacts facts) {
        Map<TableName, TableFacts> units = new LinkedHashMap<>();
        for (TableFacts table : facts.tables()) {
            boolean published = facts.viaRoot() ? table.root().isEmpty() : table.kind() != TableFacts.Kind.PARTITIONED;
            if (published) {
                units.put(table.name(), table);
            }
        }
        if (facts.viaRoot()) {
            facts.tables().stream()
                    .filter(each -> each.kind() != TableFacts.Kind.PARTITIONED)
                    .forEach(partition -> partition
                            .root()
                            .ifPresent(root -> units.computeIfPresent(root, (name, whole) -> whole.with(partition))));
        }
        return new ArrayList<>(units.values());
    }

    private PlannedTable choose(TableFacts table) {
        return switch (table.kind()) {
            case FOREIGN -> leftOut(table, "a foreign table: its rows are on another server");
            case UNLOGGED -> leftOut(table, "unlogged, so not in the WAL: copy it by hand if its rows matter");
            case TABLE, PARTITIONED -> replicated(table);
        };
    }

    private static PlannedTable leftOut(TableFacts table, String reason) {
        return new PlannedTable(table, CopyMethod.LEAVE_OUT, 0, reason, "", "");
    }

    private PlannedTable replicated(TableFacts table) {
        if (!thresholds.isLarge(table)) {
            return planned(table, CopyMethod.COPY, 0, "small");
        }
        boolean appendOnly = table.writes().pattern() == WritePattern.APPEND_ONLY;
        if (appendOnly && !table.key().isEmpty()) {
            return planned(table, CopyMethod.BACKFILL, 0, "large and append-only: existing rows can be copied later");
        }
        String obstacle = slicingObstacle(table);
        return obstacle.isEmpty()
                ? planned(table, CopyMethod.SLICES, thresholds.slicesOf(table), "large, with a key that can be hashed")
                : planned(table, CopyMethod.COPY, 0, "large, but not in slices: " + obstacle);
    }

    private String slicingObstacle(TableFacts table) {
        if (thresholds.slices() < 2) {
            return "--slices says so";
        }
        if (!facts.filtersRows()) {
            return "row filters need Postgres " + FILTERS;
        }
        return SliceFilter.obstacle(table);
    }

    private static PlannedTable planned(TableFacts table, CopyMethod method, int slices, String reason) {
        return new PlannedTable(
                table, method, slices, reason, PlanFindings.problem(table), PlanFindings.note(table, method));
    }

    /**
     * From which size on a table is large, and how many slices it gets.
     *
     * @param bytes a table is large from this size on
     * @param tuples or from this many rows on
     * @param slices the largest number of slices; 0 for none
     */
    public record PlanThresholds(ByteSize bytes, long tuples, int slices) {
        /** 50 GB, 10 million rows, at most 8 slices. */
        public static final PlanThresholds USUAL = new PlanThresholds(ByteSize.parse("50GB"), 10_000_000, 8);

        boolean isLarge(TableFacts table) {
            return table.bytes() >= bytes.bytes() || table.tuples() >= tuples;
        }

        /** One slice for each fifth of the size that makes a table large, at least two. */
        int slicesOf(TableFacts table) {
            long bySize = table.bytes() * 5 / Math.max(1, bytes.bytes());
            long byTuples = table.tuples() * 5 / Math.max(1, tuples);
            return (int) Math.min(slices, Math.max(2, Math.max(bySize, byTuples)));
        }
    }
}
