package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.replication.plan.TableFacts;
import dev.connectionregistry.admin.replication.server.Slots.OpenTransaction;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscribedTable;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches tables until they follow, reports how far they are, and gives up if one makes no progress. For one thread.
 */
final class CopyWatch {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    /** How late the end of a copy is noticed: by one part in this many of the time that the copy took. */
    private static final int LATE = 50;

    private static final Duration TELL = Duration.ofSeconds(9);

    private final ReplicationContext context;
    private final int of;
    private final CopyFailureCause cause;
    private final List<Watched> watched = new ArrayList<>();
    private int number;
    private long told;

    /** Watches {@code of} copies in all; {@code cause} finds out why one fails. */
    CopyWatch(ReplicationContext context, int of, CopyFailureCause cause) {
        this.context = context;
        this.of = of;
        this.cause = cause;
        this.told = context.timing().nanoTime();
    }

    private record Watched(
            String subscription,
            TableFacts facts,
            String label,
            int number,
            int parts,
            long since,
            CopyFailureDetector trouble) {}

    /**
     * Begins to watch a table.
     *
     * @param part the part, such as {@code slice 2 of 4}; empty for the whole table
     * @param parts how many parts there are
     */
    void add(String subscription, TableFacts facts, String part, int parts) throws ServerException {
        CopyFailureDetector.Errors errors = errors(subscription);
        String label = facts.name() + (part.isEmpty() ? "" : ", " + part);
        number++;
        watched.add(new Watched(
                subscription,
                facts,
                label,
                number,
                parts,
                context.timing().nanoTime(),
                new CopyFailureDetector(errors)));
    }

    /** Counts a copy that followed already. */
    void passOver() {
        number++;
    }

    int size() {
        return watched.size();
    }

    /** Watches until all of them follow. */
    void awaitAll() throws ServerException {
        while (size() > 0) {
            look();
        }
    }

    /** Looks at each copy, then waits a little. */
    void look() throws ServerException {
        List<CopyProgress> progress = new ArrayList<>();
        for (Watched each : List.copyOf(watched)) {
            Optional<SubscribedTable> state =
                    state(each.subscription(), each.facts().name());
            CopyProgress now = progress(each, state);
            progress.add(now);
            if (now.phase() == CopyProgress.Phase.FOLLOWS) {
                watched.remove(each);
            } else {
                requireProgress(
                        each, state.orElse(new SubscribedTable(each.facts().name(), 'i', 0, -1, -1, false)));
            }
        }
        context.observer().progress(progress);
        sayWhatIsWaitedFor(progress);
        if (!watched.isEmpty()) {
            context.pause(pause());
        }
    }

    /** A copy begins with a slot, and a slot waits for every transaction that was open before it. */
    private void sayWhatIsWaitedFor(List<CopyProgress> copies) throws ServerException {
        Optional<CopyProgress> still = copies.stream()
                .filter(each -> each.hasNothingYet() && each.elapsed().compareTo(TELL) > 0)
                .findFirst();
        if (still.isEmpty() || context.timing().nanoTime() - told < TELL.toNanos()) {
            return;
        }
        told = context.timing().nanoTime();
        Optional<OpenTransaction> oldest = context.source()
                .ask("look at open transactions", source -> source.slots().waitsFor(BOUND));
        if (oldest.isPresent()
                && oldest.get().open().plusSeconds(1).compareTo(still.get().elapsed()) > 0) {
            context.observer()
                    .warn(still.get().label() + " has no row yet after "
                            + still.get().elapsed().toSeconds()
                            + " s: a copy waits for the transactions that were open on "
                            + context.source().endpoint() + " before it; the oldest is of " + oldest.get());
        }
    }

    /** Depends on the copy that was begun last, so the end of the others is noticed sooner than necessary. */
    private Duration pause() {
        long begun = watched.get(watched.size() - 1).since();
        Duration pause = Duration.ofNanos(context.timing().nanoTime() - begun).dividedBy(LATE);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private Optional<SubscribedTable> state(String subscription, TableName table) throws ServerException {
        return context.target().tablesOf(subscription).stream()
                .filter(each -> each.table().equals(table))
                .findFirst();
    }

    private CopyFailureDetector.Errors errors(String subscription) throws ServerException {
        return context.target()
                .ask(
                        "ask for failures",
                        target -> new CopyFailureDetector.Errors(
                                target.subscriptions().copyErrors(subscription, BOUND),
                                target.subscriptions().applyErrors(subscription, BOUND),
                                target.subscriptions().applier(subscription, BOUND)));
    }

    private void requireProgress(Watched each, SubscribedTable state) throws ServerException {
        Optional<String> trouble = each.trouble()
                .look(state, errors(each.subscription()), context.timing().nanoTime());
        if (trouble.isPresent()) {
            WorkerFailure which = state.isCopied()
                    ? WorkerFailure.applying(each.subscription())
                    : WorkerFailure.copying(each.subscription(), each.facts().name());
            throw cause.failed(each.label() + ": " + trouble.get(), which);
        }
    }

    private CopyProgress progress(Watched each, Optional<SubscribedTable> state) {
        return new CopyProgress(
                each.label(),
                each.number(),
                of,
                state.map(CopyWatch::phase).orElse(CopyProgress.Phase.WAITING),
                state.map(SubscribedTable::rows).orElse(-1L),
                each.facts().tuples() / each.parts(),
                state.map(SubscribedTable::bytes).orElse(-1L),
                each.facts().bytes() / each.parts(),
                Duration.ofNanos(context.timing().nanoTime() - each.since()));
    }

    private static CopyProgress.Phase phase(SubscribedTable state) {
        if (state.follows()) {
            return CopyProgress.Phase.FOLLOWS;
        }
        if (state.isCopied()) {
            return CopyProgress.Phase.CATCHING_UP;
        }
        return state.worker() == 0 ? CopyProgress.Phase.WAITING : CopyProgress.Phase.COPYING;
    }
}
