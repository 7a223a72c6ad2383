package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;

/**
 * How each table is replicated, in the order in which they are begun.
 *
 * @param database its name in the registry
 * @param source where the rows are
 * @param target where they go
 * @param names the names of publications, subscriptions and slots between the two
 * @param facts the facts that it was made from
 * @param tables the tables, in order
 */
public record ReplicationPlan(
        DatabaseName database,
        Endpoint source,
        Endpoint target,
        ReplicationNames names,
        SourceFacts facts,
        List<PlannedTable> tables) {
    public ReplicationPlan {
        tables = List.copyOf(tables);
    }

    public List<PlannedTable> by(CopyMethod method) {
        return tables.stream().filter(each -> each.method() == method).toList();
    }

    /** The tables that {@code start} would refuse. */
    public List<PlannedTable> problems() {
        return tables.stream().filter(each -> !each.problem().isEmpty()).toList();
    }

    /**
     * What to do with a table.
     *
     * @param facts what is known about it
     * @param method how its rows get to the target
     * @param slices how many slices; 0 unless it is sliced
     * @param reason why this method was chosen
     * @param problem what must be done before it can be replicated, with the statement; empty if nothing
     * @param note what to know about it; may be empty
     */
    public record PlannedTable(
            TableFacts facts, CopyMethod method, int slices, String reason, String problem, String note) {
        public TableName name() {
            return facts.name();
        }

        /** {@code slices (4)}. */
        public String methodText() {
            return method == CopyMethod.SLICES ? method + " (" + slices + ")" : method.word();
        }
    }
}
