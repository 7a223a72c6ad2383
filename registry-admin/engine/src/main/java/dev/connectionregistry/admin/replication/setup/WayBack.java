package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the publication on the target with which the source could follow it later. It must be older than the slot for
 * the way back, which a cutover makes; without it that slot is useless.
 */
final class WayBack {
    private final ReplicationContext context;

    WayBack(ReplicationContext context) {
        this.context = context;
    }

    /**
     * Makes what is missing, if the rights are there.
     *
     * @return whether it exists now; if not, the observer was told
     */
    boolean prepare(List<PlannedTable> tables, boolean viaRoot) throws ServerException {
        PatientServer target = context.target();
        String name = context.names().main();
        List<TableName> names = tables.stream().map(PlannedTable::name).toList();
        List<MissingRight> missing = target.ask(
                "look at the rights for the way back", asked -> asked.rights().toPublish(names, 1, BOUND));
        if (!missing.isEmpty()) {
            context.observer()
                    .warn("no publication for the way back is made on " + target.endpoint() + ", so going back without"
                            + " loss won't be possible; missing there to " + missing.get(0)
                            + (missing.size() > 1 ? ", and " + (missing.size() - 1) + " more" : ""));
            return false;
        }
        Optional<Publication> there = target.publication(name);
        if (there.isEmpty()) {
            target.change("make the publication for the way back", asked -> asked.publications()
                    .create(name, viaRoot, BOUND));
        }
        Set<TableName> published = there.map(each -> each.tables().keySet()).orElse(Set.of());
        for (TableName table : names) {
            if (!published.contains(table)) {
                target.change("publish " + table + " for the way back", asked -> asked.publications()
                        .add(name, table, BOUND));
            }
        }
        return true;
    }
}
