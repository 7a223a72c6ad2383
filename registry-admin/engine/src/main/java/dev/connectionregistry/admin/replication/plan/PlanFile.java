package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.server.TableName;
import java.util.List;

/**
 * The content of a plan file.
 *
 * @param database the database's name in the registry
 * @param choices one for each table, in the order of the file
 */
public record PlanFile(String database, List<PlanChoice> choices) {
    public PlanFile {
        choices = List.copyOf(choices);
    }

    /**
     * What a plan file says about a table.
     *
     * @param table its name
     * @param method how its rows get to the target
     * @param slices how many slices; 0 if the file doesn't say
     * @param line the line in the file
     */
    public record PlanChoice(TableName table, CopyMethod method, int slices, int line) {}
}
