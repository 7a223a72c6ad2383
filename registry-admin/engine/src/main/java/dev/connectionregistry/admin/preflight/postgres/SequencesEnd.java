package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many numbers sequences have left.
 *
 * @param sequences the sequences that our role may read
 * @param hidden the names of the others
 * @param role the operator's role, in quotes
 */
record SequencesEnd(List<Filling> sequences, List<String> hidden, String role) {
    private static final int WARN_PERCENT = 75;
    private static final int FAIL_PERCENT = 95;
    private static final String SEQUENCES = CatalogSql.sql("""
            SELECT {name}, s.seqincrement, s.seqmin, s.seqmax,
                   CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
                       THEN pg_catalog.pg_sequence_last_value(c.oid) END,
                   pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
            FROM {relations}
            JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
            WHERE {own} AND NOT s.seqcycle
            ORDER BY {by name}
            """);

    /** The position of a sequence within its own bounds or a column's; {@code last} is null if it was never used. */
    record Position(
            String name,
            long increment,
            long least,
            long most,
            @Nullable Long last,
            String what) {
        /** How much of it is used, 0 to 100. */
        int percent() {
            if (last == null) {
                return 0;
            }
            double range = (double) most - least;
            double used = increment > 0 ? (double) last - least : (double) most - last;
            return range <= 0 ? 100 : (int) Math.max(0, Math.min(100, 100 * used / range));
        }

        boolean isNear() {
            return percent() >= WARN_PERCENT;
        }

        /** The same within the bounds of a column too. */
        Position within(FilledColumn column) {
            return new Position(
                    name,
                    increment,
                    Math.max(least, column.least()),
                    Math.min(most, column.most()),
                    last,
                    column.words());
        }
    }

    /** A sequence with what limits it: its own bounds, and those of each column that it fills. */
    record Filling(Position own, List<FilledColumn> columns) {
        /** The position that reaches its end first. */
        Position nearest() {
            return Stream.concat(columns.stream().map(own::within), Stream.of(own))
                    .max(Comparator.comparing(Position::percent))
                    .orElseThrow();
        }

        List<Remedy> remedies() {
            List<Remedy> remedies = new ArrayList<>();
            columns.stream().filter(each -> own.within(each).isNear()).forEach(each -> remedies.addAll(each.widened()));
            if (own.isNear()) {
                String end = own.increment() > 0 ? "MAXVALUE" : "MINVALUE";
                String sql = "ALTER SEQUENCE " + own.name() + " AS bigint NO " + end + ";";
                remedies.add(Remedy.onSource(sql));
                remedies.add(Remedy.onTarget(sql));
            }
            return remedies;
        }
    }

    static SequencesEnd read(Servers servers) throws ServerException {
        List<String> hidden = new ArrayList<>();
        List<Position> positions = servers.source().query(SEQUENCES, row -> {
            if (!row.getBoolean(6)) {
                hidden.add(row.getString(1));
            }
            return position(row);
        });
        Map<String, List<FilledColumn>> columns =
                FilledColumn.of(servers.source()).stream().collect(Collectors.groupingBy(FilledColumn::sequence));
        return new SequencesEnd(
                NameLists.each(positions, each -> new Filling(each, columns.getOrDefault(each.name(), List.of()))),
                hidden,
                servers.source().access().role());
    }

    private static Position position(ResultSet row) throws SQLException {
        long last = row.getLong(5);
        boolean unused = row.wasNull();
        return new Position(
                row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), unused ? null : last, "the sequence");
    }

    Finding judge() {
        if (!hidden.isEmpty()) {
            return Finding.unknown(
                    "role " + role + " may not read " + NameLists.some(hidden) + "; see sequence-rights");
        }
        List<Filling> near = sequences.stream()
                .filter(each -> each.nearest().isNear())
                .sorted(Comparator.comparing((Filling each) -> each.nearest().percent())
                        .reversed())
                .toList();
        if (near.isEmpty()) {
            return Finding.pass(NameLists.count(sequences.size(), "sequence") + ", none has used " + WARN_PERCENT
                    + " % of its numbers");
        }
        String message = NameLists.some(NameLists.each(near, each -> {
            Position position = each.nearest();
            return position.name() + " has used " + position.percent() + " % (" + position.last() + "; "
                    + position.what() + ")";
        }));
        List<Remedy> remedies = new ArrayList<>(near.stream()
                .flatMap(each -> each.remedies().stream())
                .distinct()
                .toList());
        remedies.add(
                Remedy.advice("run each on both servers, or their schemas will differ. TYPE bigint rewrites the table"
                        + " and keeps it locked meanwhile: if that takes too long, fill a second bigint column, and"
                        + " swap the names"));
        return near.get(0).nearest().percent() >= FAIL_PERCENT
                ? Finding.fail(message, remedies)
                : Finding.warn(message, remedies);
    }
}
