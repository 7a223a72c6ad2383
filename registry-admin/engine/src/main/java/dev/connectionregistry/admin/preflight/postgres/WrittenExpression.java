package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/**
 * An expression that contains a user's function, and that the server computes for each row that is written, even by a
 * copy. Defaults don't count, since a copy brings every column; nor do policies, since a subscription doesn't write
 * under them.
 *
 * @param place such as {@code check label of public.tag}
 * @param queries that compute it, for some existing rows and for a row of nulls; names in them have their schemas
 * @param functions the functions in it that are looked at, as {@code ALTER FUNCTION} takes them
 */
record WrittenExpression(String place, List<String> queries, List<String> functions) {
    /**
     * Functions that look up names at run time: not in C, without a body that was parsed at creation, without a search
     * path of their own. Finds them in each expression, even behind operators.
     */
    private static final String SQL = """
            WITH late AS (
                SELECT p.oid, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
                    pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name
                FROM pg_catalog.pg_proc p
                JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname <> 'pg_catalog'
                JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('internal', 'c')
                WHERE to_jsonb(p) ->> 'prosqlbody' IS NULL
                  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=%')
            ), used AS (
                SELECT d.classid, d.objid, l.name
                FROM pg_catalog.pg_depend d
                JOIN late l ON l.oid = d.refobjid
                WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass
                UNION
                SELECT d.classid, d.objid, l.name
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_operator o ON o.oid = d.refobjid
                JOIN late l ON l.oid = o.oprcode
                WHERE d.refclassid = 'pg_catalog.pg_operator'::regclass
            ), found AS (
                SELECT 'generated column ' || pg_catalog.quote_ident(a.attname) AS what, f.adrelid AS relation,
                    pg_catalog.pg_get_expr(f.adbin, f.adrelid) AS expression, u.name
                FROM used u
                JOIN pg_catalog.pg_attrdef f ON u.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = u.objid
                JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
                WHERE to_jsonb(a) ->> 'attgenerated' = 's'
                UNION ALL
                SELECT 'check ' || pg_catalog.quote_ident(c.conname), c.conrelid,
                    pg_catalog.pg_get_expr(c.conbin, c.conrelid), u.name
                FROM used u
                JOIN pg_catalog.pg_constraint c ON u.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = u.objid
                WHERE c.contype = 'c' AND c.conrelid <> 0
                UNION ALL
                SELECT 'index ' || pg_catalog.quote_ident(x.relname), i.indrelid,
                    pg_catalog.concat_ws(', ', pg_catalog.pg_get_expr(i.indexprs, i.indrelid),
                        pg_catalog.pg_get_expr(i.indpred, i.indrelid)), u.name
                FROM used u
                JOIN pg_catalog.pg_index i ON u.classid = 'pg_catalog.pg_class'::regclass AND i.indexrelid = u.objid
                JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                UNION ALL
                SELECT 'partition key', p.partrelid, pg_catalog.pg_get_expr(p.partexprs, p.partrelid), u.name
                FROM used u
                JOIN pg_catalog.pg_partitioned_table p ON u.classid = 'pg_catalog.pg_class'::regclass
                    AND p.partrelid = u.objid AND p.partexprs IS NOT NULL
                UNION ALL
                SELECT 'domain ' || pg_catalog.format_type(t.oid, NULL), a.attrelid,
                    pg_catalog.format('%I::text::%s', a.attname, pg_catalog.format_type(t.oid, NULL)), u.name
                FROM used u
                JOIN pg_catalog.pg_constraint c ON u.classid = 'pg_catalog.pg_constraint'::regclass AND c.oid = u.objid
                JOIN pg_catalog.pg_type t ON t.oid = c.contypid
                JOIN pg_catalog.pg_attribute a ON a.atttypid = t.oid AND a.attnum > 0
                JOIN pg_catalog.pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p')
            )
            SELECT f.what || ' of ' || t.name,
                pg_catalog.format('SELECT ROW(%s) FROM (SELECT * FROM %s LIMIT 100) AS %I', f.expression, t.name, c.relname),
                pg_catalog.format('SELECT ROW(%s) FROM (SELECT (NULL::%s).*) AS %I', f.expression, t.name, c.relname),
                pg_catalog.array_agg(DISTINCT f.name)
            FROM found f
            JOIN pg_catalog.pg_class c ON c.oid = f.relation AND c.relpersistence <> 't'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name) AS t
            GROUP BY 1, 2, 3 ORDER BY 1
            """;
    /** Without it, names come without their schemas. */
    static final String NO_PATH = "SET LOCAL search_path = ''";

    /** The expressions in the tables of {@code server}. */
    static List<WrittenExpression> of(Server server) throws ServerException {
        return server.call((session, end) -> session.rolledBack(
                end,
                NO_PATH,
                within -> session.query(
                        within,
                        SQL,
                        row -> new WrittenExpression(
                                row.getString(1), List.of(row.getString(2), row.getString(3)), List.of((String[])
                                        row.getArray(4).getArray())))));
    }
}
