package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses rows that the target has already: a copy would fail at the first duplicate, again and again. */
final class TargetRows {
    private static final int NAMED = 5;

    private final ReplicationContext context;

    TargetRows(ReplicationContext context) {
        this.context = context;
    }

    /** Looks at all tables that will be copied and that no earlier start has begun, before the first copy begins. */
    void requireNoneBefore(List<PlannedTable> all) throws ServerException {
        Set<TableName> begun = begun();
        requireNone(all.stream()
                .filter(each -> each.method() == CopyMethod.COPY || each.method() == CopyMethod.SLICES)
                .filter(each -> !begun.contains(each.name()))
                .toList());
    }

    private Set<TableName> begun() throws ServerException {
        PatientServer target = context.target();
        Set<TableName> begun = new HashSet<>();
        for (Subscription each : context.ours(target)) {
            target.tablesOf(each.name()).stream().map(SubscribedTable::table).forEach(begun::add);
        }
        return begun;
    }

    /** Refuses, naming all of {@code tables} that have rows. */
    void requireNone(List<PlannedTable> tables) throws ServerException {
        PatientServer target = context.target();
        List<PlannedTable> full = new ArrayList<>();
        for (PlannedTable table : tables) {
            boolean empty = target.ask(
                    "look whether " + table.name() + " is empty", asked -> asked.isEmpty(table.name(), BOUND));
            if (!empty) {
                full.add(table);
            }
        }
        if (!full.isEmpty()) {
            throw StartChecks.refused(
                    named(full) + (full.size() == 1 ? " has" : " have") + " rows on " + target.endpoint()
                            + " already, and a copy would duplicate them",
                    remedy(full));
        }
    }

    private static String named(List<PlannedTable> full) {
        String first =
                full.stream().limit(NAMED).map(each -> each.name().toString()).collect(Collectors.joining(", "));
        return first + (full.size() > NAMED ? " and " + (full.size() - NAMED) + " more" : "");
    }

    private static String remedy(List<PlannedTable> full) {
        List<PlannedTable> keyed =
                full.stream().filter(each -> !each.facts().key().isEmpty()).toList();
        String same = keyed.isEmpty()
                ? ""
                : "\nwhere they are the same rows: method: backfill in the plan"
                        + (keyed.size() == full.size() ? "" : ", for " + named(keyed));
        return "if they can be deleted, on the target: TRUNCATE "
                + full.stream().map(each -> each.name().sql()).collect(Collectors.joining(", ")) + ";" + same;
    }
}
