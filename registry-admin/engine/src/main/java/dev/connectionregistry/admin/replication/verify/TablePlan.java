package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.TableChoice.RowRange;
import dev.connectionregistry.admin.replication.verify.TableShape.ColumnShape;
import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a table that both servers have is compared. Pure.
 *
 * @param source what is read on the source
 * @param target what is read on the target
 * @param buckets into how many buckets the rows are divided, a power of two
 * @param sampling of which rows the contents are compared
 * @param notes what isn't compared, and why
 */
record TablePlan(SideQuery source, SideQuery target, int buckets, Sampling sampling, List<String> notes) {
    private static final int FEWEST = 16;
    private static final int MOST = 32_768;
    private static final long ROWS_IN_A_BUCKET = 500;

    boolean hasKey() {
        return !source.key().isEmpty();
    }

    /** The plan for two shapes of one table; ask {@code problem} first whether they can be compared. */
    static TablePlan of(TableShape source, TableShape target, Optional<RowRange> mark, Sampling sampling) {
        List<String> key = key(source, target);
        boolean toUtf8 = !source.encoding().equals(target.encoding());
        List<Pair> columns = pairs(source, target);
        List<String> notes = new ArrayList<>();
        mark.ifPresent(each -> notes.add("only rows with " + each));
        extra(source, target).forEach(each -> notes.add("column " + each + " is only on the target"));
        return new TablePlan(
                side(source, key, columns, Side.SOURCE, mark, toUtf8),
                side(target, key, columns, Side.TARGET, mark, toUtf8),
                buckets(Math.max(source.rows(), target.rows())),
                key.isEmpty() ? new Sampling(Sampling.ALL, 0) : sampling,
                notes);
    }

    /** Why the two can't be compared; empty if they can. */
    static Optional<String> problem(TableShape source, TableShape target) {
        Set<String> there = names(target);
        List<String> missing = source.columns().stream()
                .map(ColumnShape::name)
                .filter(each -> !there.contains(each))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("the target lacks column " + String.join(", ", missing) + "; fix its schema");
    }

    private static List<String> extra(TableShape source, TableShape target) {
        Set<String> here = names(source);
        return names(target).stream()
                .filter(each -> !here.contains(each))
                .sorted()
                .toList();
    }

    private static Set<String> names(TableShape table) {
        return table.columns().stream().map(ColumnShape::name).collect(Collectors.toSet());
    }

    /** The best key for which the target has the columns; a key with an index on both comes first. */
    private static List<String> key(TableShape source, TableShape target) {
        Set<String> there = names(target);
        return source.keys().stream()
                .filter(target.keys()::contains)
                .findFirst()
                .or(() -> source.keys().stream().filter(there::containsAll).findFirst())
                .orElse(List.of());
    }

    /** A column on both servers. */
    private record Pair(ColumnShape source, ColumnShape target) {
        boolean sameForm() {
            return source.type().equals(target.type()) && source.form().equals(target.form());
        }

        String text(Side which) {
            ColumnShape side = which.of(source, target);
            if (sameForm()) {
                return side.canonical();
            }
            boolean json = isJson(source) && isJson(target);
            return json ? "(" + side.plain() + ")::pg_catalog.jsonb::text" : side.plain();
        }

        private static boolean isJson(ColumnShape column) {
            return column.type().equals("json") || column.type().equals("jsonb");
        }

        /** Columns that each server computes by itself aren't replicated, and follow from the rest. */
        boolean isData() {
            return !(source.generated() && target.generated());
        }
    }

    private static List<Pair> pairs(TableShape source, TableShape target) {
        return source.columns().stream()
                .flatMap(each -> target.column(each.name()).map(other -> new Pair(each, other)).stream())
                .toList();
    }

    private static SideQuery side(
            TableShape table,
            List<String> key,
            List<Pair> columns,
            Side side,
            Optional<RowRange> mark,
            boolean toUtf8) {
        return new SideQuery(
                table.name(),
                table.partitioned(),
                key.stream().map(name -> text(columns, name, side)).toList(),
                columns.stream()
                        .filter(Pair::isData)
                        .map(each -> each.text(side))
                        .toList(),
                key,
                key.stream().map(name -> type(table, name)).toList(),
                mark,
                mark.map(each -> type(table, each.column())).orElse(""),
                toUtf8);
    }

    private static String text(List<Pair> columns, String name, Side side) {
        return columns.stream()
                .filter(each -> each.source().name().equals(name))
                .findFirst()
                .orElseThrow()
                .text(side);
    }

    private static String type(TableShape table, String name) {
        return table.column(name).orElseThrow().type();
    }

    private static int buckets(long rows) {
        long wanted = Math.max(FEWEST, Math.min(MOST, rows / ROWS_IN_A_BUCKET));
        return Integer.highestOneBit((int) wanted);
    }
}
