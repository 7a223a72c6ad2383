package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.NewServer;
import dev.connectionregistry.admin.cutover.OldServer;
import dev.connectionregistry.admin.cutover.run.Beside;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerIdentity;
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
        return Evidence.of("the old server refuses a write (" + refusal + "); the new one is writable, same schema"
                + (tables.isEmpty()
                        ? ""
                        : ", same number of rows in " + tables.size() + " tables ("
                                + seen.rows().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum() + ")")
                + counted(counting, seen));
    }

    private static String counted(CountChoice counting, Picture seen) {
        if (counting.counted().isEmpty() && counting.estimated().isEmpty()) {
            return "";
        }
        return ", same number of rows in " + counting.counted().size() + " small tables ("
                + seen.small().values().stream().mapToLong(Long::longValue).sum() + ")"
                + (counting.estimated().isEmpty()
                        ? ""
                        : "; " + counting.estimated().size() + " larger ones were not counted");
    }

    private static Picture compare(
            CutoverRun run, List<String> tables, CountChoice counting, Optional<String> newSchema, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        OldServer old = run.servers().old();
        NewServer fresh = run.servers().fresh(bound);
        requireSame(run.journal().record().newIdentity(), fresh.identity(), "new");
        requireSame(run.journal().record().oldIdentity(), old.identity(), "old");
        try (Beside<Picture> beside =
                Beside.begin("cutover-verify", () -> picture(fresh, tables, counting, newSchema, bound))) {
            Picture before = picture(old, tables, counting, bound);
            compare(before, beside.await(run.within(bound)));
            return before;
        }
    }

    private static void requireSame(Optional<ServerIdentity> checked, ServerIdentity now, String which)
            throws StepFailure {
        if (checked.isPresent() && !checked.get().equals(now)) {
            throw StepFailure.failed("the " + which + " server is not the one that was checked: it was " + checked.get()
                    + ", now it is " + now);
        }
    }

    private static Picture picture(OldServer old, List<String> tables, CountChoice counting, Duration bound)
            throws ServerException {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, old.count(table, bound));
        }
        return new Picture(old.schemaDigest(bound), rows, old.counts(counting.counted(), bound));
    }

    private static Picture picture(
            NewServer fresh, List<String> tables, CountChoice counting, Optional<String> seen, Duration bound)
            throws ServerException {
        String digest = seen.isPresent() ? seen.get() : NewSchema.of(fresh, bound);
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String table : tables) {
            rows.put(table, fresh.count(table, bound));
        }
        return new Picture(digest, rows, fresh.counts(counting.counted(), bound));
    }

    private static void compare(Picture before, Picture after) throws StepFailure {
        List<String> problems = new ArrayList<>();
        if (!before.digest().equals(after.digest())) {
            problems.add("the schema has changed since the check: the digest is " + before.digest()
                    + " on the old server and " + after.digest() + " on the new one");
        }
        before.rows().forEach((table, rows) -> {
            if (!rows.equals(after.rows().get(table))) {
                problems.add("table " + table + " has " + rows + " rows on the old server and "
                        + after.rows().get(table) + " on the new one");
            }
        });
        before.small().forEach((table, rows) -> {
            if (!rows.equals(after.small().get(table))) {
                problems.add("table " + table + " has " + rows + " rows on the old server and "
                        + after.small().get(table) + " on the new one (if it is to differ: --skip-count)");
            }
        });
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("; ", problems));
        }
    }
}
