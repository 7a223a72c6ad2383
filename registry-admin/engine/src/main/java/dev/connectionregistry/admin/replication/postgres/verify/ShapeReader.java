package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.verify.TypeTexts.TypeFacts;
import dev.connectionregistry.admin.replication.postgres.verify.TypeTexts.TypeFacts.Field;
import dev.connectionregistry.admin.replication.verify.TableShape;
import dev.connectionregistry.admin.replication.verify.TableShape.ColumnShape;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what tables look like, in five queries however many there are. For the session's thread. */
final class ShapeReader {
    /** An assumption for a table that was never analysed. */
    private static final int BYTES_OF_A_ROW = 100;

    private final Session session;

    ShapeReader(Session session) {
        this.session = session;
    }

    private record Part<T>(long of, T value) {}

    List<TableShape> read(Deadline bound) throws SQLException {
        TypeTexts texts = new TypeTexts(types(bound));
        Map<Long, List<ColumnShape>> columns =
                grouped(session.query(bound, ShapeSql.COLUMNS, row -> new Part<>(row.getLong(1), column(row, texts))));
        Map<Long, List<List<String>>> keys =
                grouped(session.query(bound, ShapeSql.KEYS, row -> new Part<>(row.getLong(1), names(row))));
        return session.query(bound, ShapeSql.TABLES, row -> table(row, columns, keys));
    }

    private static TableShape table(
            ResultSet row, Map<Long, List<ColumnShape>> columns, Map<Long, List<List<String>>> keys)
            throws SQLException {
        long oid = row.getLong(1);
        long rows = row.getLong(6);
        long bytes = row.getLong(7);
        return new TableShape(
                new TableName(row.getString(2), row.getString(3)),
                row.getBoolean(4),
                row.getBoolean(5),
                columns.getOrDefault(oid, List.of()),
                keys.getOrDefault(oid, List.of()),
                rows > 0 ? rows : bytes / BYTES_OF_A_ROW,
                bytes,
                row.getString(8),
                copying(row.getString(9)));
    }

    private static Optional<String> copying(@Nullable String state) {
        return Optional.ofNullable(state)
                .map(each -> "its copy isn't done yet (state " + each + "); see replication status");
    }

    private static ColumnShape column(ResultSet row, TypeTexts texts) throws SQLException {
        String name = row.getString(2);
        long type = row.getLong(3);
        String value = RowSql.ALIAS + "." + Sql.identifier(name);
        return new ColumnShape(
                name,
                row.getString(4),
                texts.form(type),
                texts.text(value, type),
                "(" + value + ")::pg_catalog.text",
                row.getBoolean(5));
    }

    private static List<String> names(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray(2).getArray());
    }

    private Map<Long, TypeFacts> types(Deadline bound) throws SQLException {
        Map<Long, List<Field>> fields = grouped(session.query(
                bound,
                ShapeSql.FIELDS,
                row -> new Part<>(row.getLong(1), new Field(row.getString(2), row.getLong(3)))));
        Map<Long, TypeFacts> types = new HashMap<>();
        session.query(bound, ShapeSql.TYPES, row -> type(row, fields)).forEach(each -> types.put(each.oid(), each));
        return types;
    }

    private static TypeFacts type(ResultSet row, Map<Long, List<Field>> fields) throws SQLException {
        return new TypeFacts(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                Optional.ofNullable(row.getString(9)),
                fields.getOrDefault(row.getLong(1), List.of()));
    }

    private static <T> Map<Long, List<T>> grouped(List<Part<T>> parts) {
        Map<Long, List<T>> groups = new HashMap<>();
        parts.forEach(each ->
                groups.computeIfAbsent(each.of(), of -> new ArrayList<>()).add(each.value()));
        return groups;
    }
}
