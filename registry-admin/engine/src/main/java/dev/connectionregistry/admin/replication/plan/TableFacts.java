package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.server.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a server says about a table.
 *
 * @param name its name
 * @param kind what it is
 * @param root the outermost partitioned table that it is a partition of
 * @param bytes its size on disk, without indexes; 0 for a partitioned table itself
 * @param tuples how many rows it has, as the server estimates
 * @param writes how often it was written since the statistics began
 * @param identity how its rows are found
 * @param key its primary key; empty if it has none
 * @param columns the columns that can be written, in order: all except generated ones
 * @param rowSecurity whether policies may hide its rows
 * @param notInWal its partitions that aren't in the WAL: unlogged and foreign ones
 * @param columnLists publications that send updates or deletes of only some columns of it, or of a partition
 * @param fix what gives it, and its partitions, a row identity that works
 */
public record TableFacts(
        TableName name,
        Kind kind,
        Optional<TableName> root,
        long bytes,
        long tuples,
        WriteCounts writes,
        RowIdentity identity,
        List<KeyColumn> key,
        List<String> columns,
        boolean rowSecurity,
        Map<TableName, Kind> notInWal,
        List<String> columnLists,
        IdentityFix fix) {
    public enum Kind {
        /** An ordinary table, or a partition of another one. */
        TABLE,
        /** A table whose rows are in its partitions. */
        PARTITIONED,
        /** A table that isn't in the WAL. */
        UNLOGGED,
        /** A table whose rows are on another server. */
        FOREIGN
    }

    public TableFacts {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        notInWal = Collections.unmodifiableMap(new TreeMap<>(notInWal));
        columnLists = List.copyOf(columnLists);
    }

    /**
     * The same with the size and the writes of {@code partition} added, and with no better identity than the partition
     * has.
     */
    public TableFacts with(TableFacts partition) {
        Map<TableName, Kind> outside = new TreeMap<>(notInWal);
        if (partition.kind != Kind.TABLE) {
            outside.put(partition.name, partition.kind);
        }
        return new TableFacts(
                name,
                kind,
                root,
                bytes + partition.bytes,
                tuples + partition.tuples,
                writes.plus(partition.writes),
                identity.and(partition.identity),
                key,
                columns,
                rowSecurity,
                outside,
                Stream.concat(columnLists.stream(), partition.columnLists.stream())
                        .distinct()
                        .toList(),
                fix.and(partition.fix));
    }

    /** {@code primary key (id)}, {@code all columns}, {@code none}. */
    public String identityText() {
        return identity == RowIdentity.KEY
                ? identity + " ("
                        + String.join(", ", key.stream().map(KeyColumn::name).toList()) + ")"
                : identity.toString();
    }

    /**
     * A column of a primary key.
     *
     * @param name unquoted
     * @param type its type as {@code format_type} writes it; with a collation of its own, {@code text collate other}
     */
    public record KeyColumn(String name, String type) {}

    /**
     * How many rows were written since the server's statistics began.
     *
     * @param inserts how many were inserted
     * @param updates how many were updated
     * @param deletes how many were deleted; the server doesn't count {@code TRUNCATE}
     */
    public record WriteCounts(long inserts, long updates, long deletes) {
        public static final WriteCounts NONE = new WriteCounts(0, 0, 0);

        /** The sum of both. */
        public WriteCounts plus(WriteCounts other) {
            return new WriteCounts(inserts + other.inserts, updates + other.updates, deletes + other.deletes);
        }

        /** The pattern that follows; a single update or delete makes it {@code UPDATED}. */
        public WritePattern pattern() {
            if (updates > 0 || deletes > 0) {
                return WritePattern.UPDATED;
            }
            return inserts > 0 ? WritePattern.APPEND_ONLY : WritePattern.IDLE;
        }

        /** What was done to a table since the server's statistics began. */
        public enum WritePattern {
            /** Rows were added, and none was changed or deleted. */
            APPEND_ONLY("append-only"),
            /** Rows were changed or deleted. */
            UPDATED("updated"),
            /** Nothing. */
            IDLE("idle");

            private final String word;

            WritePattern(String word) {
                this.word = word;
            }

            @Override
            public String toString() {
                return word;
            }
        }
    }
}
