package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.RunServers;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The comparison of the two servers in the hold; both are asked at the same time. */
final class VerifyWork {
    private VerifyWork() {}

    /** What one server says of itself. */
    private record Picture(String digest, Map<String, Long> rows, Map<TableName, Long> small) {}

    /** The same without counting rows, before the hold: what has changed since the check shows while nobody waits. */
    static void before(CutoverRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        compare(run, List.of(), CountChoice.NONE, Optional.empty(), bound);
    }

    static Evidence run(CutoverRun run, Duration bound) throws StepFailure, ServerException, InterruptedException {
        List<String> tables = run.options().verifyTables();
        CountChoice counting = RowCounting.chosen(run, bound);
        Picture seen = compare(run, tables, counting, run.servers().schemaSeen(bound), bound);
        String refusal = run.proof().refusal(run.within(bound));
        return Evidence.of("the source refuses a write (" + refusal + "); the target is writable, same schema"
                + (tables.isEmpty()
                        ? ""
                        : ", same number of rows in " + Plural.of(tables.size(), "table") + " ("
                                + seen.rows().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum() + ")")
                + counted(counting, seen));
    }

    private static String counted(CountChoice counting, Picture seen) {
        if (counting.counted().isEmpty() && counting.estimated().isEmpty()) {
            return "";
        }
        return ", same number of rows in " + Plural.of(counting.counted().size(), "small table") + " ("
                + seen.small().values().stream().mapToLong(Long::longValue).sum() + ")"
                + (counting.estimated().isEmpty()
                        ? ""
                        : "; " + Plural.of(counting.estimated().size(), "larger one was", "larger ones were")
                                + " not counted");
    }

    private static Picture compare(
            CutoverRun run, List<String> tables, CountChoice counting, Optional<String> targetSchema, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        SourceServer source = run.servers().source();
        TargetServer target = run.servers().target(bound);
        requireSame(run.journal().record().targetIdentity(), target.identity(), "target");
        requireSame(run.journal().record().sourceIdentity(), source.identity(), "source");
        try (BoundedCall<Picture, ServerException> other =
                BoundedCall.start("cutover-verify", () -> picture(target, tables, counting, targetSchema, bound))) {
            Picture before = picture(source, tables, counting, bound);
            compare(before, RunServers.answer(other, run.within(bound)));
            return before;
        }
    }

    private static void requireSame(Optional<PostgresIdentity> checked, PostgresIdentity now, String which)
            throws StepFailure {
        if (checked.isPresent() && !checked.get().equals(now)) {
            throw StepFailure.failed("the " + which + " is not the one that was checked: it was " + checked.get()
                    + ", now it is " + now);
        }
    }

    private static Picture picture(SourceServer source, List<String> tables, CountChoice counting, Duration bound)
            throws ServerException {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, source.count(table, bound));
        }
        return new Picture(source.schemaDigest(bound), rows, source.counts(counting.counted(), bound));
    }

    private static Picture picture(
            TargetServer target, List<String> tables, CountChoice counting, Optional<String> seen, Duration bound)
            throws ServerException {
        String digest = seen.isPresent() ? seen.get() : TargetSchema.of(target, bound);
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, target.count(table, bound));
        }
        return new Picture(digest, rows, target.counts(counting.counted(), bound));
    }

    private static void compare(Picture before, Picture after) throws StepFailure {
        List<String> problems = new ArrayList<>();
        if (!before.digest().equals(after.digest())) {
            problems.add("the schema has changed since the check: the digest is " + before.digest()
                    + " on the source and " + after.digest() + " on the target");
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
                        + after.small().get(table) + " on the target (if it is to differ: --skip-count)");
            }
        });
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("; ", problems));
        }
    }
}
