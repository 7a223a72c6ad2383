package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.replication.verify.BothServers.Both;
import dev.connectionregistry.admin.replication.verify.TableSide.Bucket;
import dev.connectionregistry.admin.replication.verify.TableSide.KeyRow;
import dev.connectionregistry.admin.replication.verify.TableSide.KeylessTable;
import dev.connectionregistry.admin.replication.verify.TableSide.RowVersion;
import dev.connectionregistry.admin.replication.verify.TableVerdict.KeyDifference;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares one table. First in buckets; then, of the buckets that differ, key by key; then each key that differs again and again,
 * until it is equal, or known to be different, or has changed at every look. For one thread and one table.
 */
final class TableComparison {
    /** How many keys are looked up at once. */
    private static final int AT_ONCE = 500;
    /** This many differences are enough. */
    private static final int ENOUGH = 1000;

    private static final int ROUNDS = 20;
    private static final int ROUNDS_OF_WHOLE = 5;
    private static final int FETCH = 2000;

    private final TablePlan plan;
    private final BothServers servers;
    private final Waiting waiting;
    private final VerifyOptions options;
    private final Consumer<String> doing;
    private final List<KeyDifference> differences = new ArrayList<>();
    private final List<List<String>> unsettled = new ArrayList<>();
    private long differing;
    private boolean more;

    /** Waits until the target has what the source had. */
    @FunctionalInterface
    interface Waiting {
        void await() throws ServerException;
    }

    /** {@code doing} receives what is being done. */
    TableComparison(
            TablePlan plan, BothServers servers, Waiting waiting, VerifyOptions options, Consumer<String> doing) {
        this.plan = plan;
        this.servers = servers;
        this.waiting = waiting;
        this.options = options;
        this.doing = doing;
    }

    TableVerdict run() throws ServerException {
        return plan.hasKey() ? byKey() : asWhole();
    }

    private TableVerdict byKey() throws ServerException {
        doing.accept("counting and hashing");
        Both<Map<Integer, Bucket>> read = servers.both(
                side -> side.buckets(plan.source(), plan.buckets(), plan.sampling(), options.limit()),
                side -> side.buckets(plan.target(), plan.buckets(), plan.sampling(), options.limit()));
        List<Integer> suspects = differing(read.source(), read.target());
        if (!suspects.isEmpty()) {
            lookAtKeys(suspects);
        }
        return verdict(OptionalLong.of(rows(read.source())), OptionalLong.of(rows(read.target())));
    }

    private static long rows(Map<Integer, Bucket> buckets) {
        return buckets.values().stream().mapToLong(Bucket::rows).sum();
    }

    /** Which buckets aren't the same on both servers. Pure. */
    static List<Integer> differing(Map<Integer, Bucket> source, Map<Integer, Bucket> target) {
        TreeSet<Integer> all = new TreeSet<>(source.keySet());
        all.addAll(target.keySet());
        return all.stream()
                .filter(each -> !Objects.equals(source.get(each), target.get(each)))
                .toList();
    }

    private void lookAtKeys(List<Integer> buckets) throws ServerException {
        doing.accept("comparing keys in " + buckets.size() + " of " + plan.buckets() + " parts");
        waiting.await(); // so that rows that were merely behind aren't looked up one by one
        try {
            servers.both(side -> open(side, plan.source(), buckets), side -> open(side, plan.target(), buckets));
            KeyMerge merge = new KeyMerge(new Batches(Side.SOURCE), new Batches(Side.TARGET));
            List<List<String>> keys = merge.next(AT_ONCE);
            while (!keys.isEmpty()) {
                settle(keys);
                keys = enough() ? List.of() : merge.next(AT_ONCE);
            }
        } finally {
            servers.both(this::closeKeys, this::closeKeys);
        }
    }

    private boolean open(TableSide side, SideQuery query, List<Integer> buckets) throws ServerException {
        side.openKeys(query, plan.buckets(), buckets, plan.sampling(), options.limit());
        return true;
    }

    private boolean closeKeys(TableSide side) throws ServerException {
        side.closeKeys(options.limit());
        return true;
    }

    private boolean enough() {
        more = differing >= ENOUGH || unsettled.size() >= ENOUGH;
        return more;
    }

    /** Fetches from one side whenever it has run out. */
    private final class Batches implements KeyMerge.Rows {
        private final Side side;
        private final Deque<KeyRow> rows = new ArrayDeque<>();
        private boolean ended;

        Batches(Side side) {
            this.side = side;
        }

        @Override
        public @Nullable KeyRow next() throws ServerException {
            if (rows.isEmpty() && !ended) {
                rows.addAll(servers.on(side, server -> server.nextKeys(FETCH, options.limit())));
                ended = rows.isEmpty();
            }
            return rows.poll();
        }
    }

    private void settle(List<List<String>> keys) throws ServerException {
        List<List<String>> open = keys;
        for (int round = 1; round <= ROUNDS && !open.isEmpty(); round++) {
            doing.accept("looking again at " + Plural.of(open.size(), "row") + ", time " + round);
            open = round(open);
        }
        unsettled.addAll(open);
    }

    /** The keys that remain undecided. */
    private List<List<String>> round(List<List<String>> keys) throws ServerException {
        Map<Integer, RowVersion> source1 = servers.source(side -> side.rows(plan.source(), keys, options.limit()));
        waiting.await();
        Map<Integer, RowVersion> target1 = servers.target(side -> side.rows(plan.target(), keys, options.limit()));
        Map<Integer, RowVersion> source2 = servers.source(side -> side.rows(plan.source(), keys, options.limit()));
        waiting.await();
        Map<Integer, RowVersion> target2 = servers.target(side -> side.rows(plan.target(), keys, options.limit()));
        List<List<String>> open = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Judgement judgement = Judgement.of(source1.get(i), target1.get(i), source2.get(i), target2.get(i));
            List<String> key = keys.get(i);
            judgement.difference().ifPresent(kind -> found(new KeyDifference(key, kind)));
            if (judgement == Judgement.UNDECIDED) {
                open.add(key);
            }
        }
        return open;
    }

    private void found(KeyDifference difference) {
        differing++;
        if (differences.size() < options.keys()) {
            differences.add(difference);
        }
    }

    private TableVerdict asWhole() throws ServerException {
        Judgement judgement = Judgement.UNDECIDED;
        Both<KeylessTable> last = null;
        for (int round = 1; round <= ROUNDS_OF_WHOLE && judgement == Judgement.UNDECIDED; round++) {
            doing.accept("comparing it as a whole, time " + round);
            KeylessTable source1 = servers.source(side -> side.whole(plan.source(), options.limit()));
            waiting.await();
            KeylessTable target1 = servers.target(side -> side.whole(plan.target(), options.limit()));
            last = new Both<>(source1, target1);
            judgement = source1.content().equals(target1.content()) ? Judgement.EQUAL : again(source1, target1);
        }
        return ofWhole(judgement, Objects.requireNonNull(last));
    }

    private Judgement again(KeylessTable source1, KeylessTable target1) throws ServerException {
        KeylessTable source2 = servers.source(side -> side.whole(plan.source(), options.limit()));
        waiting.await();
        KeylessTable target2 = servers.target(side -> side.whole(plan.target(), options.limit()));
        return Judgement.ofWhole(source1, target1, source2, target2);
    }

    private TableVerdict ofWhole(Judgement judgement, Both<KeylessTable> seen) {
        long source = seen.source().content().rows();
        long target = seen.target().content().rows();
        String reason =
                switch (judgement) {
                    case EQUAL -> "it has no key, and was compared as a whole";
                    case UNDECIDED ->
                        "it has no key and changed at every look; add a primary key, or compare only part of it with"
                                + " --mark, or when nobody writes";
                    default ->
                        source == target
                                ? "rows have different contents; without a key it is unknown which"
                                : "the target has " + target + " rows for " + source
                                        + "; without a key it is unknown which";
                };
        Result result = judgement == Judgement.EQUAL
                ? Result.EQUAL
                : judgement == Judgement.UNDECIDED ? Result.NOT_COMPARED : Result.DIFFERENT;
        return verdict(OptionalLong.of(source), OptionalLong.of(target), result, reason);
    }

    private TableVerdict verdict(OptionalLong source, OptionalLong target) {
        if (differing > 0) {
            return verdict(source, target, Result.DIFFERENT, "");
        }
        if (!unsettled.isEmpty()) {
            return verdict(
                    source,
                    target,
                    Result.NOT_COMPARED,
                    (more ? "at least " : "") + Plural.of(unsettled.size(), "row") + " changed at every look, such as "
                            + KeyFormat.of(plan.source().keyColumns(), unsettled.get(0))
                            + (more ? "; not all others were looked at" : "; the others are equal")
                            + "; run the command again, if possible while nobody writes");
        }
        return verdict(source, target, Result.EQUAL, "");
    }

    private TableVerdict verdict(OptionalLong source, OptionalLong target, Result result, String reason) {
        List<String> reasons = new ArrayList<>(reason.isEmpty() ? List.of() : List.of(reason));
        reasons.addAll(plan.notes());
        return new TableVerdict(
                plan.source().table(),
                result,
                source,
                target,
                plan.sampling().toString(),
                String.join("; ", reasons),
                plan.source().keyColumns(),
                differences,
                differing,
                more,
                Duration.ZERO);
    }
}
