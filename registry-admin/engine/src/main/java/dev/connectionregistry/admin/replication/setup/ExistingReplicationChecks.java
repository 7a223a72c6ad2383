package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks whether a plan can continue from what exists already: from nothing, from an earlier start, or from what
 * somebody has changed since.
 */
final class ExistingReplicationChecks {
    private final ReplicationContext context;
    private final CommandText commands;

    ExistingReplicationChecks(ReplicationContext context, CommandText commands) {
        this.context = context;
        this.commands = commands;
    }

    /** Refuses if it can't, saying why. */
    void require(ServerPair pair, List<PlannedTable> tables, List<SlicedTables.Slice> slices) throws ServerException {
        requireStillPublished();
        requireNoWayHere(pair);
        requireFitting(tables, slices);
    }

    /** Refuses if a followed table isn't published any more: what was written to it since is in no slot. */
    private void requireStillPublished() throws ServerException {
        List<Publication> publications = context.source().publications();
        for (Subscription each : context.ours(context.target())) {
            Set<TableName> published = publications.stream()
                    .filter(one -> each.publications().contains(one.name()))
                    .flatMap(one -> one.tables().keySet().stream())
                    .collect(Collectors.toSet());
            for (SubscribedTable state : context.target().tablesOf(each.name())) {
                if (!published.contains(state.table())) {
                    throw StartChecks.refused(
                            state.table() + " is followed by subscription " + each.name() + " on "
                                    + context.target().endpoint() + ", but no longer in its publication on "
                                    + context.source().endpoint() + ": what was written to it since is missing",
                            "start over with replication stop, and empty the table on the target; if it should be left"
                                    + " out, on the target: "
                                    + StartChecks.beginning(context) + "ALTER SUBSCRIPTION "
                                    + Sql.identifier(each.name()) + " REFRESH PUBLICATION;");
                }
            }
        }
    }

    /**
     * Refuses if a replication in the other direction has left anything: after a cutover, {@code reverse} continues
     * from there.
     */
    private void requireNoWayHere(ServerPair pair) throws ServerException {
        List<Subscription> own = context.ours(context.source());
        if (own.isEmpty()) {
            return;
        }
        Set<String> there = context.target().slots().stream().map(Slot::name).collect(Collectors.toSet());
        boolean turned = own.stream().anyMatch(each -> there.contains(each.slot()));
        throw StartChecks.refused(
                context.source().endpoint() + " itself follows "
                        + (turned ? context.target().endpoint() : "another server") + ", with subscription "
                        + own.get(0).name() + ": changes would run in a circle",
                turned ? afterCutover(pair) : otherServer());
    }

    private String afterCutover(ServerPair pair) throws ServerException {
        String reverse = commands.command("replication reverse " + pair.database() + " --target "
                + ShellWord.of(context.target().endpoint()) + pair.adminWords());
        return wayBack().isPresent()
                ? "after a cutover the target follows the source with " + reverse
                        + ", which ends that subscription and copies nothing again"
                : "after a cutover with --reverse-slot NAME: " + reverse
                        + " --reverse-slot NAME; after one without, there"
                        + " is only a new copy: replication stop, empty the tables on the target, then replication plan"
                        + " and start";
    }

    /** A slot may be the way back to that server, and stop would end it. */
    private String otherServer() throws ServerException {
        return "end that first with replication stop and --target that server"
                + wayBack()
                        .map(slot -> "; it ends slot " + slot + " too, which may be the way back there")
                        .orElse("");
    }

    private Optional<String> wayBack() throws ServerException {
        return context.source().slots().stream()
                .map(Slot::name)
                .filter(name -> context.names().wayBack().contains(name))
                .findFirst();
    }

    /** Refuses if an earlier start with another plan has left anything. */
    private void requireFitting(List<PlannedTable> tables, List<SlicedTables.Slice> slices) throws ServerException {
        Set<TableName> whole = tables.stream()
                .filter(each -> each.method() == CopyMethod.COPY || each.method() == CopyMethod.BACKFILL)
                .map(PlannedTable::name)
                .collect(Collectors.toSet());
        for (Publication each : context.source().publications()) {
            if (each.name().equals(context.names().main())) {
                each.tables().keySet().stream()
                        .filter(table -> !whole.contains(table))
                        .findFirst()
                        .ifPresent(table -> {
                            throw otherPlan(table + " is in publication " + each.name() + " already");
                        });
            } else if (context.names().isOurs(each.name())) {
                requireSlice(each, slices);
            }
        }
    }

    private static void requireSlice(Publication publication, List<SlicedTables.Slice> slices) {
        boolean fits = slices.stream()
                .anyMatch(each -> each.feed().equals(publication.name())
                        && publication
                                .tables()
                                .keySet()
                                .equals(Set.of(each.table().name()))
                        && publication.tables().entrySet().stream()
                                .map(Map.Entry::getValue)
                                .allMatch(filter ->
                                        SliceFilter.isOf(filter, each.table().slices(), each.number())));
        if (!fits) {
            throw otherPlan("publication " + publication.name() + " is of "
                    + publication.tables().entrySet().stream()
                            .map(each -> each.getKey() + " where " + each.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }

    private static OperationException otherPlan(String what) {
        return StartChecks.refused(
                what + ", but the plan says something else",
                "take the earlier plan, or start over with replication stop");
    }
}
