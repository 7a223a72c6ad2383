package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.CutoverServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the two servers in the hold; asks both at the same time, in parallel with the other work after the barrier.
 */
final class VerifyWork {
    private static final QuestionName<Picture> SOURCE = new QuestionName<>("cutover-source-picture", Picture.class);
    private static final QuestionName<Picture> TARGET = new QuestionName<>("cutover-target-picture", Picture.class);

    private static final int SHOWN_DIFFERENCES = 5;

    private VerifyWork() {}

    /** What one server says about itself. */
    private record Picture(List<String> schema, Map<String, Long> rows, Map<TableName, Long> small) {}

    /** Compares without counting rows, before the hold: a migration since the check shows while no caller waits. */
    static void before(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        askSource(run, List.of(), CountChoice.NONE, bound);
        askTarget(run, List.of(), CountChoice.NONE, Optional.empty(), bound);
        compare(run, bound);
    }

    /**
     * Begins to ask the source before the barrier, on three conditions: it has a session for that, since the barrier
     * needs the other one; no role is exempt from the fence, since such a role may still write; and the checks have
     * chosen what is counted.
     */
    static void beginEarly(DatabaseRun run, Duration bound) throws StepFailure {
        Optional<CountChoice> counting = run.counting();
        if (counting.isPresent()
                && run.servers().hasBesideSource()
                && run.options().exemptRoles().isEmpty()) {
            askSource(run, run.options().verifyTables(), counting.get(), bound);
        }
    }

    /** Begins to ask both servers, after the barrier; {@link #run} compares their answers. */
    static void begin(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        List<String> tables = run.options().verifyTables();
        CountChoice counting = RowCounting.chosen(run, bound);
        if (!run.servers().isAsked(SOURCE)) {
            askSource(run, tables, counting, bound);
        }
        askTarget(run, tables, counting, run.servers().answer(TargetSchema.LINES, run.within(bound)), bound);
    }

    static Evidence run(DatabaseRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        List<String> tables = run.options().verifyTables();
        CountChoice counting = run.counting().orElse(CountChoice.NONE);
        Picture seen = compare(run, bound);
        String readers = ReaderSteps.awaitReplay(run, bound);
        String refusal = run.proof().refusal(run.within(bound));
        return Evidence.of("the source refuses a write (" + refusal + "); the target is writable, same schema"
                + (tables.isEmpty()
                        ? ""
                        : ", same number of rows in " + Plural.of(tables.size(), "table") + " (" + sum(seen.rows())
                                + ")")
                + counted(counting, tables, seen)
                + readers);
    }

    /** Uses no stream, which takes the JVM a millisecond to link while callers wait. */
    private static long sum(Map<?, Long> rows) {
        long sum = 0;
        for (long each : rows.values()) {
            sum += each;
        }
        return sum;
    }

    private static String counted(CountChoice counting, List<String> named, Picture seen) {
        List<TableName> left = RowCounting.without(named, counting.estimated());
        String small = counting.counted().isEmpty()
                ? ""
                : ", same number of rows in " + Plural.of(counting.counted().size(), "small table") + " ("
                        + sum(seen.small()) + ")";
        return left.isEmpty()
                ? small
                : small + "; " + Plural.of(left.size(), "large table was", "large tables were") + " not counted";
    }

    private static void askSource(DatabaseRun run, List<String> tables, CountChoice counting, Duration bound)
            throws StepFailure {
        run.servers()
                .askSource(SOURCE, (source, within) -> picture(source, tables, counting, within), run.within(bound));
    }

    private static void askTarget(
            DatabaseRun run,
            List<String> tables,
            CountChoice counting,
            Optional<TargetSchema.Lines> schema,
            Duration bound)
            throws ServerException {
        run.servers()
                .ask(
                        TARGET,
                        Lane.MAIN,
                        (target, within) -> picture(target, tables, counting, schema, within),
                        run.within(bound));
    }

    private static Picture compare(DatabaseRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Picture before = answer(run, SOURCE, bound);
        Picture after = answer(run, TARGET, bound);
        run.requireSameServers();
        compare(before, after, run.checkedSchema());
        return before;
    }

    private static Picture answer(DatabaseRun run, QuestionName<Picture> which, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        return run.servers()
                .answer(which, run.within(bound))
                .orElseThrow(() -> StepFailure.failed("the servers were not asked what they have"));
    }

    private static Picture picture(CutoverServer source, List<String> tables, CountChoice counting, Duration bound)
            throws ServerException {
        List<String> schema =
                source.schemaLines(bound); // first: named tables are looked up by another path, which costs plans
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, source.count(table, bound));
        }
        return new Picture(schema, rows, source.counts(counting.counted(), bound));
    }

    private static Picture picture(
            TargetServer target,
            List<String> tables,
            CountChoice counting,
            Optional<TargetSchema.Lines> seen,
            Duration bound)
            throws ServerException {
        TargetSchema.Lines schema = seen.isPresent() ? seen.get() : TargetSchema.of(target, bound);
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, target.count(table, bound));
        }
        return new Picture(schema.all(), rows, target.counts(counting.counted(), bound));
    }

    private static void compare(Picture before, Picture after, Optional<List<String>> checked) throws StepFailure {
        List<String> problems = new ArrayList<>();
        if (!before.schema().equals(after.schema())) {
            problems.add("the schema has changed since the check: "
                    + String.join("; ", SchemaDifference.between(before.schema(), after.schema(), SHOWN_DIFFERENCES))
                    + "; make the same change on both servers, run no migration, and begin again");
        } else if (checked.isPresent() && !checked.get().equals(before.schema())) {
            problems.add("the schema has changed on both servers since the check: "
                    + String.join("; ", SchemaDifference.sinceThen(checked.get(), before.schema(), SHOWN_DIFFERENCES))
                    + "; begin again, so that the check sees whether the change is replicated, and run no migration"
                    + " meanwhile");
        }
        before.rows().forEach((table, rows) -> {
            if (!rows.equals(after.rows().get(table))) {
                problems.add("table " + table + " has " + rows + " rows on the source and "
                        + after.rows().get(table) + " on the target");
            }
        });
        before.small().forEach((table, rows) -> {
            if (!rows.equals(after.small().get(table))) {
                problems.add("table " + table + " has " + rows + " rows on the source and "
                        + after.small().get(table) + " on the target (if it is expected to differ: --skip-count)");
            }
        });
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("; ", problems));
        }
    }
}
