package dev.connectionregistry.admin.replication.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to give a table a replica identity that works. Pure, immutable.
 *
 * @param statements the statements to execute on both servers, each with its semicolon; empty if nothing is missing, or
 *     if only a redesign helps
 * @param full whether a statement makes all columns the identity, which is slow on large tables
 * @param why nothing else would do, such as {@code its primary key is deferrable}; empty if there is nothing to say
 */
public record IdentityFix(List<String> statements, boolean full, String why) {
    public static final IdentityFix NONE = new IdentityFix(List.of(), false, "");

    private static final String COLUMN = "registry_id";

    public IdentityFix {
        statements = List.copyOf(statements);
    }

    /**
     * What is known about a table.
     *
     * @param table as it is written in SQL
     * @param name its name without the schema
     * @param hasKey whether it has a primary key that is checked at once
     * @param hasDeferrableKey whether it has one that is deferrable, which the server doesn't accept as an identity
     * @param index a unique index that would do, as it is written in SQL
     * @param incomparable columns without an equality operator, with which the target can't find a row by all columns
     * @param columnLists publications that send only some columns of updates and deletes
     * @param partition whether it is a partition of another table, which determines its columns and keys
     */
    public record Table(
            String table,
            String name,
            boolean hasKey,
            boolean hasDeferrableKey,
            Optional<String> index,
            List<String> incomparable,
            List<String> columnLists,
            boolean partition) {
        /** What helps, given the row identity that it has now. */
        public IdentityFix fix(RowIdentity identity) {
            if (identity.findsRows()) {
                return NONE;
            }
            return new IdentityFix(statements(), takesAllColumns(), why());
        }

        private boolean takesAllColumns() {
            return !hasKey && columnLists.isEmpty() && index.isEmpty() && incomparable.isEmpty();
        }

        private List<String> statements() {
            if (hasKey) {
                return List.of(identity("DEFAULT"));
            }
            if (!columnLists.isEmpty()) {
                return List.of(); // they must contain all columns of the identity
            }
            if (index.isPresent()) {
                return List.of(identity("USING INDEX " + index.get()));
            }
            if (takesAllColumns()) {
                return List.of(identity("FULL"));
            }
            return partition ? List.of() : column();
        }

        /** It comes last, so statements that name their columns don't notice it. */
        private List<String> column() {
            if (!hasDeferrableKey) {
                return List.of("ALTER TABLE " + table + " ADD COLUMN " + COLUMN + " bigserial PRIMARY KEY;");
            }
            String constraint = '"' + name.replace("\"", "\"\"") + "_" + COLUMN + '"';
            String unique = String.format(Locale.ROOT, """
                    ALTER TABLE %1$s \
                    ADD COLUMN %2$s bigserial, \
                    ADD CONSTRAINT %3$s UNIQUE (%2$s);""", table, COLUMN, constraint);
            return List.of(unique, identity("USING INDEX " + constraint));
        }

        private String identity(String what) {
            return "ALTER TABLE " + table + " REPLICA IDENTITY " + what + ";";
        }

        private String why() {
            return String.join(
                    "; ",
                    Stream.of(
                                    hasDeferrableKey
                                            ? "the primary key of " + table + " is deferrable, and finds no rows for"
                                                    + " replication"
                                            : "",
                                    incomparable.isEmpty()
                                            ? ""
                                            : "not REPLICA IDENTITY FULL for " + table + ": "
                                                    + String.join(", ", incomparable)
                                                    + " can't be compared, and the first UPDATE or DELETE would stop"
                                                    + " replication",
                                    columnLists.isEmpty()
                                            ? ""
                                            : "not REPLICA IDENTITY FULL for " + table
                                                    + ", with which UPDATE and DELETE"
                                                    + " would fail as long as publication "
                                                    + String.join(", ", columnLists)
                                                    + " sends only some of its columns")
                            .filter(each -> !each.isEmpty())
                            .toList());
        }
    }

    IdentityFix and(IdentityFix other) {
        return new IdentityFix(
                Stream.concat(statements.stream(), other.statements.stream())
                        .distinct()
                        .toList(),
                full || other.full,
                String.join(
                        "; ",
                        Stream.of(why, other.why)
                                .filter(each -> !each.isEmpty())
                                .distinct()
                                .toList()));
    }
}
