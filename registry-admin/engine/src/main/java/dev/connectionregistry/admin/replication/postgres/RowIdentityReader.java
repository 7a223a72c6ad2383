package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.plan.IdentityFix;
import dev.connectionregistry.admin.replication.plan.RowIdentity;
import dev.connectionregistry.admin.server.TableName;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads how rows of tables are found, and what would help if that doesn't work. It tries whether values of a type can
 * be compared: the server uses the same operator for {@code SELECT DISTINCT} as to find a row to change.
 */
public final class RowIdentityReader {
    /** The columns are those that may not be comparable: their type itself has no default operator class for equality. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relreplident::text,
                EXISTS (SELECT FROM pg_catalog.pg_index i
                    WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid AND i.indimmediate),
                k.keyed, coalesce(k.deferrable, false),
                (SELECT pg_catalog.quote_ident(x.relname)
                    FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                      AND i.indpred IS NULL AND i.indexprs IS NULL
                      AND NOT EXISTS (
                        SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS p (number, place)
                        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.number
                        WHERE p.place <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts)
                          AND NOT (a.attnotnull AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''))
                    ORDER BY i.indnatts, x.relname LIMIT 1),
                CASE WHEN k.keyed THEN ARRAY[]::text[] ELSE ARRAY(
                    SELECT pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_attribute a %1$s) END,
                CASE WHEN k.keyed THEN ARRAY[]::text[] ELSE ARRAY(
                    SELECT pg_catalog.format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a %1$s) END,
                ARRAY(SELECT p.pubname::text FROM pg_catalog.pg_publication_rel r
                    JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
                    WHERE r.prrelid = c.oid AND (p.pubupdate OR p.pubdelete)
                      AND to_jsonb(r) ->> 'prattrs' IS NOT NULL ORDER BY 1),
                c.relispartition
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (
                SELECT coalesce(bool_or(i.indimmediate), false) AS keyed, bool_or(NOT i.indimmediate) AS deferrable
                FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid) AS k
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
              AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"
            """.replace("%1$s", """
                            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                              AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
                              AND NOT EXISTS (SELECT FROM pg_catalog.pg_opclass o
                                JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash')
                                WHERE o.opcdefault AND o.opcintype = a.atttypid)
                            ORDER BY a.attnum
                            """);

    private static final String NO_OPERATOR = "42883";

    private RowIdentityReader() {}

    /**
     * A table.
     *
     * @param sql its name as it is written in SQL, only quoted where it must be
     * @param identity how its rows are found
     * @param fix what helps if they aren't found
     */
    public record Identified(String sql, RowIdentity identity, IdentityFix fix) {}

    private record Raw(
            TableName name,
            String setting,
            boolean hasIndex,
            List<String> columns,
            List<String> types,
            IdentityFix.Table table) {}

    /** The row identity of every table, except those of the system, of extensions and of a session. */
    public static Map<TableName, Identified> all(Session session, Deadline bound) throws SQLException {
        List<Raw> tables = session.query(bound, TABLES, RowIdentityReader::raw);
        Set<String> types = new TreeSet<>();
        tables.forEach(each -> types.addAll(each.types()));
        Set<String> incomparable = new TreeSet<>();
        for (String type : types) {
            if (!isComparable(session, bound, type)) {
                incomparable.add(type);
            }
        }
        Map<TableName, Identified> all = new TreeMap<>();
        tables.forEach(each -> all.put(each.name(), identified(each, incomparable)));
        return all;
    }

    private static Raw raw(ResultSet row) throws SQLException {
        return new Raw(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(4),
                row.getBoolean(5),
                texts(row.getArray(9)),
                texts(row.getArray(10)),
                new IdentityFix.Table(
                        row.getString(3),
                        row.getString(2),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        Optional.ofNullable(row.getString(8)),
                        List.of(),
                        texts(row.getArray(11)),
                        row.getBoolean(12)));
    }

    /** {@code type} is as the server writes it. */
    private static boolean isComparable(Session session, Deadline bound, String type) throws SQLException {
        try {
            session.query(bound, "SELECT DISTINCT NULL::" + type, row -> true);
            return true;
        } catch (SQLException e) {
            if (PostgresErrors.state(e).equals(NO_OPERATOR)) {
                return false;
            }
            throw e;
        }
    }

    private static Identified identified(Raw raw, Set<String> incomparable) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < raw.columns().size(); i++) {
            if (incomparable.contains(raw.types().get(i))) {
                columns.add(raw.columns().get(i) + " " + raw.types().get(i));
            }
        }
        IdentityFix.Table known = raw.table();
        IdentityFix.Table table = new IdentityFix.Table(
                known.table(),
                known.name(),
                known.hasKey(),
                known.hasDeferrableKey(),
                known.index(),
                columns,
                known.columnLists(),
                known.partition());
        RowIdentity identity = identity(raw, table);
        return new Identified(table.table(), identity, table.fix(identity));
    }

    private static RowIdentity identity(Raw raw, IdentityFix.Table table) {
        return switch (raw.setting()) {
            case "f" -> table.incomparable().isEmpty() ? RowIdentity.FULL : RowIdentity.INCOMPARABLE;
            case "i" -> raw.hasIndex() ? RowIdentity.INDEX : RowIdentity.NONE;
            case "d" -> table.hasKey() ? RowIdentity.KEY : RowIdentity.NONE;
            default -> RowIdentity.NONE;
        };
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
