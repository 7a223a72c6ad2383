package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.SliceFilter;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Copies sliced tables: each slice over a feed of its own, as many at a time as the server copies at a time. */
final class SlicedTables {
    private final ReplicationContext context;
    private final PressureGate gate;
    private final CopyWatch watch;
    private final Feed feeds;
    private final boolean viaRoot;

    SlicedTables(
            ReplicationContext context, PressureGate gate, CopyWatch watch, SubscriberLogin login, boolean viaRoot) {
        this.context = context;
        this.gate = gate;
        this.watch = watch;
        this.feeds = new Feed(context, login);
        this.viaRoot = viaRoot;
    }

    /**
     * A slice.
     *
     * @param feed the name of its publication, slot and subscription
     * @param table its table
     * @param number its number, from 0
     */
    record Slice(String feed, PlannedTable table, int number) {
        String words() {
            return "slice " + (number + 1) + " of " + table.slices();
        }

        String condition() {
            return SliceFilter.condition(SliceFilter.column(table.facts().key()).orElseThrow(), table.slices(), number);
        }
    }

    /** All slices of {@code tables}, numbered in the order of the tables' names, so that the plan's order may change. */
    static List<Slice> of(ReplicationContext context, List<PlannedTable> tables) {
        List<PlannedTable> byName = new ArrayList<>(tables);
        byName.sort(java.util.Comparator.comparing(PlannedTable::name));
        List<Slice> slices = new ArrayList<>();
        for (PlannedTable table : tables) {
            for (int number = 0; number < table.slices(); number++) {
                slices.add(new Slice(context.names().slice(byName.indexOf(table), number), table, number));
            }
        }
        return slices;
    }

    /** Copies each slice that doesn't follow yet. */
    void bring(List<Slice> slices) throws ServerException {
        int atATime =
                Math.max(1, context.target().ask("ask how many are copied at a time", target -> target.subscriptions()
                        .copiesAtATime(BOUND)));
        Queue<Slice> waiting = new ArrayDeque<>(slices);
        while (!waiting.isEmpty() || watch.size() > 0) {
            while (!waiting.isEmpty() && watch.size() < atATime) {
                begin(waiting.remove(), slices);
            }
            watch.look();
        }
    }

    private void begin(Slice slice, List<Slice> all) throws ServerException {
        List<SubscribedTable> states = context.target().tablesOf(slice.feed());
        if (!states.isEmpty() && states.stream().allMatch(SubscribedTable::follows)) {
            watch.passOver();
            return;
        }
        if (states.isEmpty()) {
            requireRoom(slice, all);
            gate.await(slice.table().name() + ", " + slice.words());
            feeds.ensure(slice.feed(), source -> source.publications()
                    .createSlice(slice.feed(), viaRoot, slice.table().name(), slice.condition(), BOUND));
            context.target().change("take " + slice.words() + " in", target -> target.subscriptions()
                    .refresh(slice.feed(), true, BOUND));
        }
        watch.add(
                slice.feed(),
                slice.table().facts(),
                slice.words(),
                slice.table().slices());
    }

    /** The first slice needs an empty table; the others find the rows of earlier slices. */
    private void requireRoom(Slice slice, List<Slice> all) throws ServerException {
        for (Slice other : all) {
            if (other.table().equals(slice.table())
                    && !context.target().tablesOf(other.feed()).isEmpty()) {
                return;
            }
        }
        new TargetRows(context).requireNone(List.of(slice.table()));
    }
}
