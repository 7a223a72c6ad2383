package dev.connectionregistry.admin.replication.postgres;

/**
 * The columns that sequences fill, no matter who owns the sequence: by identity or OWNED BY, by the column's default in
 * any expression, or by the default of its domain. A sequence is useful only within the narrowest of them. Pure.
 */
public final class SequenceColumns {
    /**
     * Common table expressions, to follow {@code WITH RECURSIVE}: {@code feeds} (sequence, relation, column number) and
     * {@code bounds} (sequence, relation, column number, type, modifier, least, most), whose limits are null for types
     * without limits. A default that names its sequence by text shows it only by calling the function that finds a
     * relation by text, whose oid never changes.
     */
    public static final String WITH = """
            feeds AS (
                SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid::int2 AS number
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                  AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
                UNION
                SELECT q.oid, f.adrelid, f.adnum
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_attrdef f ON f.oid = d.objid
                JOIN pg_catalog.pg_class q ON q.oid = d.refobjid AND q.relkind = 'S'
                WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                UNION
                SELECT q.oid, f.adrelid, f.adnum
                FROM pg_catalog.pg_attrdef f
                JOIN pg_catalog.pg_class q ON q.relkind = 'S' AND q.oid = pg_catalog.to_regclass(pg_catalog.substring(
                    pg_catalog.pg_get_expr(f.adbin, f.adrelid), $$nextval\\(\\(*'([^']+)'::text$$))
                WHERE f.adbin::text LIKE '%:funcid 1079 %'
                UNION
                SELECT q.oid, a.attrelid, a.attnum
                FROM pg_catalog.pg_depend d
                JOIN pg_catalog.pg_class q ON q.oid = d.refobjid AND q.relkind = 'S'
                JOIN pg_catalog.pg_attribute a ON a.atttypid = d.objid AND a.attnum > 0 AND NOT a.atthasdef
                JOIN pg_catalog.pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p', 'f')
                WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
            ),
            types AS (
                SELECT f.sequence, f.relation, f.number, a.atttypid AS type, a.atttypmod AS modifier
                FROM feeds f
                JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relation AND a.attnum = f.number AND NOT a.attisdropped
                UNION ALL
                SELECT y.sequence, y.relation, y.number, t.typbasetype, t.typtypmod
                FROM types y
                JOIN pg_catalog.pg_type t ON t.oid = y.type AND t.typtype = 'd'
            ),
            bounds AS (
                SELECT y.*,
                    CASE WHEN y.type = 21 THEN -32768 WHEN y.type = 23 THEN -2147483648 ELSE -n.most END AS least,
                    CASE WHEN y.type = 21 THEN 32767 WHEN y.type = 23 THEN 2147483647 ELSE n.most END AS most
                FROM types y
                JOIN pg_catalog.pg_type t ON t.oid = y.type AND t.typtype <> 'd'
                LEFT JOIN LATERAL (
                    SELECT (10::numeric ^ (((y.modifier - 4) >> 16) - ((y.modifier - 4) & 65535)))::bigint - 1 AS most
                    WHERE y.type = 1700 AND y.modifier >= 4
                      AND ((y.modifier - 4) >> 16) - ((y.modifier - 4) & 65535) BETWEEN 0 AND 18) AS n ON true
            )
            """;

    private SequenceColumns() {}
}
