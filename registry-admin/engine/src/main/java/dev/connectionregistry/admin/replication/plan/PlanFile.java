package dev.connectionregistry.admin.replication.plan;

import java.util.List;

/**
 * What stands in a plan file.
 *
 * @param database the database's name in the registry
 * @param choices one for each table, in the order of the file
 */
public record PlanFile(String database, List<PlanChoice> choices) {
    /** Copies the list. */
    public PlanFile {
        choices = List.copyOf(choices);
    }
}
