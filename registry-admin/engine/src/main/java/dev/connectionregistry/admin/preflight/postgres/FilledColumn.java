package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.postgres.SequenceColumns;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/**
 * A column that a sequence fills, and that can't take every value of a {@code bigint}.
 *
 * @param sequence its name as it is written in SQL
 * @param table the table to alter: for an inherited column, the table that it comes from
 * @param column in quotes where it needs them
 * @param type its declared type
 * @param least the least value that it can take
 * @param most the greatest one
 * @param plain whether its type is a number type itself, not a domain over one
 * @param obstacle what keeps the server from changing its type; empty if nothing does
 */
record FilledColumn(
        String sequence,
        String table,
        String column,
        String type,
        long least,
        long most,
        boolean plain,
        String obstacle) {
    private static final String COLUMNS = "WITH RECURSIVE " + SequenceColumns.WITH + """
            , origins AS (
                SELECT b.relation AS leaf, b.relation, a.attname, a.attinhcount > 0 AS inherited
                FROM bounds b
                JOIN pg_catalog.pg_attribute a ON a.attrelid = b.relation AND a.attnum = b.number
                WHERE b.most IS NOT NULL
                UNION
                SELECT o.leaf, i.inhparent, o.attname, a.attinhcount > 0
                FROM origins o
                JOIN pg_catalog.pg_inherits i ON i.inhrelid = o.relation AND o.inherited
                JOIN pg_catalog.pg_attribute a ON a.attrelid = i.inhparent AND a.attname = o.attname
            )
            SELECT DISTINCT pg_catalog.format('%I.%I', qn.nspname, q.relname),
                pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(a.attname),
                pg_catalog.format_type(a.atttypid, a.atttypmod), b.least, b.most, b.type = a.atttypid,
                CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p
                        WHERE p.partrelid = c.oid AND a.attnum = ANY (p.partattrs::int2[]))
                    THEN 'it is in the partition key'
                    WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = c.oid
                          AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid = a.attnum)
                    THEN 'a view or a rule reads it' ELSE '' END
            FROM bounds b
            JOIN pg_catalog.pg_class q ON q.oid = b.sequence
            JOIN pg_catalog.pg_namespace qn ON qn.oid = q.relnamespace
            JOIN pg_catalog.pg_attribute f ON f.attrelid = b.relation AND f.attnum = b.number
            JOIN origins o ON o.leaf = b.relation AND o.attname = f.attname AND NOT o.inherited
            JOIN pg_catalog.pg_class c ON c.oid = o.relation
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = o.attname
            WHERE b.most IS NOT NULL
            ORDER BY 1, 2, 3
            """;

    static List<FilledColumn> of(Server server) throws ServerException {
        return server.query(
                COLUMNS,
                row -> new FilledColumn(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getBoolean(7),
                        row.getString(8)));
    }

    /** {@code column id integer of public.orders}. */
    String words() {
        return "column " + column + " " + type + " of " + table;
    }

    /** Makes it wide enough, on both servers, so that their schemas stay the same. */
    List<Remedy> widened() {
        String wide = type.startsWith("numeric") ? "numeric" : "bigint";
        if (!plain || !obstacle.isEmpty()) {
            return List.of(Remedy.advice("make " + words() + " " + wide + " on both servers by hand: "
                    + (plain ? obstacle : "its type is a domain, and domains keep theirs")
                    + ", so ALTER COLUMN ... TYPE " + wide + " alone won't do"));
        }
        String sql = "ALTER TABLE " + table + " ALTER COLUMN " + column + " TYPE " + wide + ";";
        return List.of(Remedy.onSource(sql), Remedy.onTarget(sql));
    }
}
