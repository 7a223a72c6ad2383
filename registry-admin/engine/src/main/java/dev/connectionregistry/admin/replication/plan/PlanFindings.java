package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts.WritePattern;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.List;

/** What must be done, or known, about a table before it is replicated. Pure. */
final class PlanFindings {
    private PlanFindings() {}

    /** What {@code start} refuses; empty if nothing. */
    static String problem(TableFacts table) {
        List<String> problems = new ArrayList<>();
        String identity = identityProblem(table);
        if (!identity.isEmpty()) {
            problems.add(identity);
        }
        table.notInWal().forEach((partition, kind) -> problems.add(notInWal(partition, kind)));
        return String.join("; ", problems);
    }

    /**
     * For a partition outside of the WAL: through its root the copy would bring its rows, but their changes would never
     * arrive.
     */
    private static String notInWal(TableName partition, TableFacts.Kind kind) {
        String either = kind == TableFacts.Kind.UNLOGGED
                ? " is unlogged: its rows would be copied, but changes to them would never arrive. On both servers,"
                        + " first: ALTER TABLE " + partition.sql() + " SET LOGGED"
                : " is a foreign table: its rows would be copied, into whatever the target has in its place, but"
                        + " changes to them would never arrive. On both servers, first: ALTER TABLE ... DETACH"
                        + " PARTITION "
                        + partition.sql();
        return "its partition " + partition + either + "; or leave the whole table out";
    }

    private static String identityProblem(TableFacts table) {
        if (table.identity().findsRows() || table.writes().pattern() != WritePattern.UPDATED) {
            return "";
        }
        IdentityFix fix = table.fix();
        return (table.identity() == RowIdentity.NONE
                        ? "it is updated, but has nothing to find its rows by: once published, UPDATE and DELETE on it would"
                                + " fail"
                        : "it is updated, and the target could not find its rows: the first UPDATE or DELETE would stop"
                                + " replication")
                + (fix.why().isEmpty() ? "" : " (" + fix.why() + ")")
                + (fix.statements().isEmpty()
                        ? ". Give it a primary key on both servers first"
                        : ". On the source, and on the target, first: " + String.join(" ", fix.statements()))
                + better(table)
                + forPartitions(table);
    }

    private static String better(TableFacts table) {
        return table.fix().full() && table.fix().why().isEmpty()
                ? " FULL is slow on large tables; better: ALTER TABLE "
                        + table.name().sql() + " ADD PRIMARY KEY (...)"
                : "";
    }

    private static String forPartitions(TableFacts table) {
        return table.kind() == TableFacts.Kind.PARTITIONED
                ? "; REPLICA IDENTITY doesn't reach its partitions, so each has its own"
                : "";
    }

    /** What is good to know; empty if nothing. */
    static String note(TableFacts table, CopyMethod method) {
        List<String> notes = new ArrayList<>();
        if (table.identity() == RowIdentity.NONE && identityProblem(table).isEmpty()) {
            notes.add(
                    "no key and no replica identity: while it is replicated, UPDATE and DELETE on it fail on the source");
        }
        if (table.identity() == RowIdentity.INCOMPARABLE
                && identityProblem(table).isEmpty()) {
            notes.add("the first UPDATE or DELETE on it would stop replication: "
                    + table.fix().why());
        }
        if (table.identity() == RowIdentity.FULL) {
            notes.add("replica identity FULL: each change looks through an index, or the whole table, on the target");
        }
        if (table.kind() == TableFacts.Kind.PARTITIONED && table.key().isEmpty()) {
            notes.add(
                    "no primary key: a partition that is made later has no replica identity, and UPDATE and DELETE on it"
                            + " fail until it gets one");
        }
        if (method == CopyMethod.BACKFILL && table.writes().pattern() == WritePattern.UPDATED) {
            notes.add(
                    "it isn't only appended to: rows that are updated or deleted while a person copies them stay on the"
                            + " target as they were, so nothing may change them until the last one is copied");
        }
        if (!table.columnLists().isEmpty()) {
            notes.add("publication " + String.join(", ", table.columnLists())
                    + " sends only some of its columns: a subscriber lacks the others, and a replica identity must be"
                    + " within them");
        }
        if (method == CopyMethod.SLICES) {
            notes.add("TRUNCATE of a sliced table isn't replicated");
        }
        return String.join("; ", notes);
    }
}
