package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.plan.PlannedTable;
import java.time.Duration;
import java.util.List;

/**
 * What follows now.
 *
 * @param tables of the plan, in its order
 * @param name of publication, slot and subscription; those of slices begin with it
 * @param wayBack whether the publication for the way back is there
 * @param took how long it took
 */
public record StartResult(List<PlannedTable> tables, String name, boolean wayBack, Duration took) {
    /** Copies the list. */
    public StartResult {
        tables = List.copyOf(tables);
    }
}
