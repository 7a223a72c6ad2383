package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Copies the tables that aren't sliced over the one feed that they share, one after the other. */
final class WholeTables {
    private final ReplicationContext context;
    private final PressureGate gate;
    private final CopyWatch watch;
    private final String feed;

    WholeTables(ReplicationContext context, PressureGate gate, CopyWatch watch) {
        this.context = context;
        this.gate = gate;
        this.watch = watch;
        this.feed = context.names().main();
    }

    /** Copies each table that doesn't follow yet. */
    void bring(List<PlannedTable> tables) throws ServerException {
        Set<TableName> published = published();
        for (PlannedTable table : unfinishedFirst(tables, published)) {
            bring(table, published.contains(table.name()));
        }
    }

    private Set<TableName> published() throws ServerException {
        return context.source()
                .publication(feed)
                .map(Publication::tables)
                .map(java.util.Map::keySet)
                .orElse(Set.of());
    }

    /** A refresh adds everything that is new, so a table that an interrupted run published comes before all others. */
    private List<PlannedTable> unfinishedFirst(List<PlannedTable> tables, Set<TableName> published)
            throws ServerException {
        Set<TableName> known = states().stream().map(SubscribedTable::table).collect(Collectors.toSet());
        List<PlannedTable> ordered = new ArrayList<>(tables);
        ordered.sort(java.util.Comparator.comparing(
                each -> !(published.contains(each.name()) && !known.contains(each.name()))));
        return ordered;
    }

    private List<SubscribedTable> states() throws ServerException {
        return context.target().tablesOf(feed);
    }

    private void bring(PlannedTable table, boolean published) throws ServerException {
        Optional<SubscribedTable> state = states().stream()
                .filter(each -> each.table().equals(table.name()))
                .findFirst();
        if (state.filter(SubscribedTable::follows).isPresent()) {
            requireCopied(table, state.get());
            watch.passOver();
            return;
        }
        if (state.isEmpty()) {
            begin(table, published);
        }
        watch.add(feed, table.facts(), "", 1);
        watch.awaitAll();
    }

    /** A table that an earlier plan added without its rows never gets them by itself. */
    private void requireCopied(PlannedTable table, SubscribedTable state) {
        if (table.method() == CopyMethod.COPY && state.rowsLeftOut()) {
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    table.name() + " follows, but its rows were never copied to "
                            + context.target().endpoint() + ": an earlier plan said backfill, and this one says copy",
                    "method: backfill in the plan, and copy them yourself; or start over with replication stop, and"
                            + " empty it there; after a replication reverse they are there, and replication status says"
                            + " how to add a table");
        }
    }

    private void begin(PlannedTable table, boolean published) throws ServerException {
        boolean copy = table.method() == CopyMethod.COPY;
        if (copy) {
            new TargetRows(context).requireNone(List.of(table));
        }
        if (!published) {
            gate.await(table.name().toString());
        }
        if (!published || !copy) { // writers from before it was published must have ended, whichever plan published it
            publish(table, copy);
        }
        if (!copy) {
            requireAlone(table);
        }
        context.target().change("take " + table.name() + " in", target -> target.subscriptions()
                .refresh(feed, copy, BOUND));
    }

    private void publish(PlannedTable table, boolean copy) throws ServerException {
        context.source().change("publish " + table.name(), source -> {
            if (copy) {
                source.publications().add(feed, table.name(), BOUND);
            } else {
                source.publications().addAfterWriters(feed, table.name(), BOUND);
            }
        });
    }

    /** A refresh without a copy would also add every other table that is published by now, without its rows. */
    private void requireAlone(PlannedTable table) throws ServerException {
        Set<TableName> others = new TreeSet<>(published());
        others.remove(table.name());
        states().forEach(each -> others.remove(each.table()));
        if (!others.isEmpty()) {
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    others.iterator().next() + " was added to publication " + feed + " on "
                            + context.source().endpoint()
                            + " by another process, and its rows would be left behind when "
                            + table.name() + " is added without a copy",
                    "if another start is at work, wait for it; otherwise remove the table again with ALTER PUBLICATION"
                            + " ... DROP TABLE, and run the command again");
        }
    }
}
