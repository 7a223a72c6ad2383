package dev.connectionregistry.admin.replication.plan;

import java.util.ArrayList;
import java.util.List;

/** What has to be done, or known, about a table that is to be replicated. Pure. */
final class Findings {
    private Findings() {}

    /** What {@code start} refuses; empty if nothing. */
    static String problem(TableFacts table) {
        if (table.identity() != RowIdentity.NONE || table.writes().pattern() != WritePattern.UPDATED) {
            return "";
        }
        String name = table.name().sql();
        String first = table.key().isEmpty()
                ? "ALTER TABLE " + name + " ADD PRIMARY KEY (...)"
                : "ALTER TABLE " + name + " REPLICA IDENTITY DEFAULT";
        return "it is updated, but has nothing to find its rows by: once published, UPDATE and DELETE on it would fail. On"
                + " the source, and on the target, first: " + first + "; or, slow on large tables: ALTER TABLE " + name
                + " REPLICA IDENTITY FULL" + forPartitions(table);
    }

    private static String forPartitions(TableFacts table) {
        return table.kind() == TableFacts.Kind.PARTITIONED
                ? "; REPLICA IDENTITY doesn't reach its partitions: the same for each of them"
                : "";
    }

    /** What is good to know; empty if nothing. */
    static String note(TableFacts table, Method method) {
        List<String> notes = new ArrayList<>();
        if (table.identity() == RowIdentity.NONE && problem(table).isEmpty()) {
            notes.add(
                    "no key and no replica identity: while it is replicated, UPDATE and DELETE on it fail on the source");
        }
        if (table.identity() == RowIdentity.FULL) {
            notes.add("replica identity FULL: each change looks through an index, or the whole table, on the target");
        }
        if (table.kind() == TableFacts.Kind.PARTITIONED && table.key().isEmpty()) {
            notes.add(
                    "no primary key: a partition that is made later has no replica identity, and UPDATE and DELETE on it"
                            + " fail until it gets one");
        }
        if (method == Method.BACKFILL && table.writes().pattern() == WritePattern.UPDATED) {
            notes.add(
                    "it isn't only appended to: rows that are updated or deleted while a person copies them stay on the"
                            + " target as they were, so nothing may do that until the last of them is there");
        }
        if (method == Method.SLICES) {
            notes.add("TRUNCATE of a sliced table isn't replicated");
        }
        return String.join("; ", notes);
    }
}
