package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows that a run compares without being asked. Before the hold it finds out which tables are small enough, and
 * measures how long counting them takes, so that callers wait a few milliseconds at most.
 */
final class RowCounting {
    private static final Duration GAPS = Duration.ofSeconds(20);
    /** Counting may take one part in this many of the hold budget. */
    private static final int PART = 200;

    /** The longest that counting all small tables may take, even from a slow disk, with what follows it. */
    private static final Duration ENOUGH = Duration.ofSeconds(2);

    private RowCounting() {}

    /** Chooses what is counted in the hold, says what can't be counted, and compares now what can be compared. */
    static Finding look(Looking looking) throws ServerException {
        DatabaseRun run = looking.run();
        Duration bound = looking.bound();
        CountChoice choice = inTime(run, looking.source(), choose(run, looking.source(), bound), bound);
        run.counting(choice);
        Duration patience = bound.compareTo(GAPS) < 0 ? bound : GAPS;
        List<RowGaps.Gap> gaps = run.servers().barrier().gaps(looking.source(), patience).stream()
                .filter(each -> choice.counted().contains(each.table())
                        || choice.estimated().contains(each.table()))
                .toList();
        return judge(choice, gaps, run.options().verifyTables(), isUnproven(run));
    }

    private static Finding judge(CountChoice choice, List<RowGaps.Gap> gaps, List<String> named, boolean isUnproven) {
        List<Finding> found = new ArrayList<>(List.of(Finding.pass("no small table's rows differ")));
        if (!choice.apart().isEmpty()) {
            found.add(Finding.warn("the estimated numbers of rows are far apart on the two servers: "
                    + NameLists.some(choice.apart())
                    + "; if both have been analyzed, see what differs with replication verify"));
        }
        List<TableName> left = without(named, choice.estimated());
        if (!left.isEmpty()) {
            found.add(Finding.warn(Plural.of(left.size(), "table is", "tables are")
                    + " too large, or too slow to count, for the hold: " + NameLists.some(left)
                    + "; run replication verify shortly before the cutover"));
        }
        if (isUnproven && named.isEmpty() && choice.counted().isEmpty() && !left.isEmpty()) {
            found.add(Finding.fail(
                    "nothing proves that the target has all rows: the barrier's answer is trusted without proof, and no"
                            + " table is small enough to be counted by itself; name some with --verify-table"));
        }
        if (!gaps.isEmpty()) {
            found.add(Finding.fail("rows differ although the target follows: " + RowGaps.words(gaps)
                    + "; replication verify names them. A slot that was dropped and made again has left out what was"
                    + " written meanwhile: replication stop, empty the tables on the target, replication plan and"
                    + " start. For a table that is expected to differ: --skip-count TABLE"));
        }
        return Finding.worst(found);
    }

    /**
     * What is counted in the hold, as the checks chose. A run that was taken over after the checks chooses the tables
     * now. If the barrier is proven, counting must not use up the rest of the hold: if little is left, counting is left
     * out, and the operator is told.
     */
    static CountChoice chosen(DatabaseRun run, Duration bound) throws StepFailure, ServerException {
        Optional<CountChoice> measured = run.counting();
        if (measured.isPresent() || !run.state().purpose().takesOver()) {
            return measured.orElse(CountChoice.NONE);
        }
        Duration rest = run.hold().rest();
        if (isUnproven(run) || rest.compareTo(ENOUGH) >= 0) {
            CountChoice choice = choose(run, run.servers().source(), bound);
            run.counting(choice);
            return choice;
        }
        run.warn("no rows are compared in this resumed run: " + rest.toMillis()
                + " ms are left of the hold, and counting" + " may need " + ENOUGH.toMillis());
        return CountChoice.NONE;
    }

    private static boolean isUnproven(DatabaseRun run) {
        return !run.options().barrier().isReplication();
    }

    private static CountChoice choose(DatabaseRun run, SourceServer source, Duration bound) throws ServerException {
        TargetServer target = run.servers().target(bound);
        Optional<FollowedTables> followed = isUnproven(run) ? Optional.empty() : target.followed(bound);
        Set<TableName> whole =
                followed.isPresent() ? source.published(followed.get().publications(), bound) : Set.of();
        List<TableSize> sizes = source.tableSizes(bound).stream()
                .filter(each -> followed.isEmpty()
                        || (followed.get().tables().contains(each.name()) && whole.contains(each.name())))
                .filter(each -> run.options().uncounted().stream().noneMatch(text -> names(text, each.name())))
                .toList();
        if (sizes.isEmpty() && followed.isPresent() && !followed.get().tables().isEmpty()) {
            run.warn("no rows are compared, since "
                    + run.spec().sourceAdmin(run.lead()).username()
                    + " may read none of the tables on the source; GRANT SELECT ON them");
        }
        return CountChoice.of(sizes, target.tableSizes(bound));
    }

    /** Those of {@code tables} that the operator hasn't named. */
    static List<TableName> without(List<String> named, List<TableName> tables) {
        return tables.stream()
                .filter(each -> named.stream().noneMatch(text -> names(text, each)))
                .toList();
    }

    /** As written in SQL, as shown to people, or without its schema. */
    private static boolean names(String text, TableName table) {
        return List.of(table.sql(), table.toString(), table.schema() + "." + table.name(), table.name())
                .contains(text);
    }

    /**
     * Counts for practice until counting takes no more than it may; the second time decides, since the first reads from
     * the disk.
     */
    private static CountChoice inTime(DatabaseRun run, SourceServer source, CountChoice first, Duration bound)
            throws ServerException {
        long most = run.options().times().holdBudget().dividedBy(PART).toNanos();
        CountChoice choice = first;
        while (!choice.counted().isEmpty()) {
            count(run, source, choice, bound);
            long begun = run.timing().nanoTime();
            count(run, source, choice, bound);
            if (run.timing().nanoTime() - begun <= 2 * most) { // one after the other here, side by side in the hold
                return choice;
            }
            choice = choice.halved();
        }
        return choice;
    }

    private static void count(DatabaseRun run, SourceServer source, CountChoice choice, Duration bound)
            throws ServerException {
        source.counts(choice.counted(), bound);
        run.servers().target(bound).counts(choice.counted(), bound);
    }
}
