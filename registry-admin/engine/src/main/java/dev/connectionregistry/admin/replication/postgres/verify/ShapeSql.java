package dev.connectionregistry.admin.replication.postgres.verify;

/**
 * The queries for tables, columns, keys and types: one text for every version from 10 on. Columns of the catalogs that
 * some versions lack are reached through {@code to_jsonb}. Must run with only {@code pg_catalog} in the search path.
 */
final class ShapeSql {
    private static final String OWN = """
            WITH RECURSIVE own AS (
              SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p')
                AND c.relpersistence <> 't'
                AND NOT c.relispartition
                AND n.nspname !~ '^pg_'
                AND n.nspname <> 'information_schema'
                AND NOT EXISTS (
                  SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
                )
            )
            """;

    /**
     * Oid, schema, name, is it a root, is it unlogged, rows, bytes, encoding, state of its copy. Sizes are from the
     * last analysis: the function that returns the current size waits for a session that has locked the table.
     */
    static final String TABLES = OWN + """
            , tree AS (
              SELECT oid AS root, oid, relkind
              FROM own
              UNION ALL
              SELECT t.root, c.oid, c.relkind
              FROM tree t
              JOIN pg_inherits i ON i.inhparent = t.oid
              JOIN pg_class c ON c.oid = i.inhrelid
              WHERE t.relkind = 'p'
            ),
            sizes AS (
              SELECT t.root, sum(greatest(c.reltuples, 0))::bigint AS rows,
                sum((c.relpages::bigint + coalesce(o.relpages, 0)) * current_setting('block_size')::bigint)::bigint AS bytes
              FROM tree t
              JOIN pg_class c ON c.oid = t.oid
              LEFT JOIN pg_class o ON o.oid = c.reltoastrelid
              GROUP BY t.root
            ),
            copying AS (
              SELECT t.root, min(r.srsubstate::text) AS state
              FROM tree t
              JOIN pg_subscription_rel r ON r.srrelid = t.oid
              WHERE r.srsubstate <> 'r'
              GROUP BY t.root
            )
            SELECT o.oid::bigint, o.nspname, o.relname, o.relkind = 'p', o.relpersistence = 'u', s.rows, s.bytes,
              getdatabaseencoding(), k.state
            FROM own o
            JOIN sizes s ON s.root = o.oid
            LEFT JOIN copying k ON k.root = o.oid
            ORDER BY o.nspname::text COLLATE "C", o.relname::text COLLATE "C"
            """;

    /** Table, name, type, how the type is written, is it generated. */
    static final String COLUMNS = OWN + """
            SELECT a.attrelid::bigint, a.attname, a.atttypid::bigint, format_type(a.atttypid, a.atttypmod),
              coalesce(to_jsonb(a) ->> 'attgenerated', '') <> ''
            FROM pg_attribute a
            JOIN own o ON o.oid = a.attrelid
            WHERE a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attname::text COLLATE "C"
            """;

    /** Table, names of the columns. */
    static final String KEYS = OWN + """
            , parts AS (
              SELECT i.indexrelid, i.indrelid, i.indisprimary, i.indisreplident, a.attname::text AS name,
                a.attnotnull, k.place
              FROM pg_index i
              JOIN own o ON o.oid = i.indrelid
              CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
              WHERE i.indisunique
                AND i.indisvalid
                AND i.indimmediate
                AND i.indpred IS NULL
                AND i.indexprs IS NULL
                AND k.place <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts)
            )
            SELECT indrelid::bigint, array_agg(name ORDER BY place)
            FROM parts
            GROUP BY indexrelid, indrelid, indisprimary, indisreplident
            HAVING bool_and(coalesce(attnotnull, false))
            ORDER BY indrelid, indisprimary DESC, indisreplident DESC, count(*), array_agg(name ORDER BY place)
            """;

    private static final String USED = OWN + """
            ,
            used (oid) AS (
              SELECT DISTINCT a.atttypid
              FROM pg_attribute a
              JOIN own o ON o.oid = a.attrelid
              WHERE a.attnum > 0 AND NOT a.attisdropped
              UNION
              SELECT x.oid
              FROM used u
              JOIN pg_type t ON t.oid = u.oid
              CROSS JOIN LATERAL (
                SELECT t.typelem
                UNION
                SELECT t.typbasetype
                UNION
                SELECT g.rngsubtype
                FROM pg_range g
                WHERE t.oid IN (g.rngtypid, (to_jsonb(g) ->> 'rngmultitypid')::oid)
                UNION
                SELECT a.atttypid
                FROM pg_attribute a
                WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
              ) AS x (oid)
              WHERE x.oid <> 0
            )
            """;

    /** Oid, name, how it is written, kind, is it built in, is it an array, element, base, bound, send function. */
    static final String TYPES = USED + """
            SELECT t.oid::bigint,
              CASE WHEN n.nspname = 'pg_catalog' THEN t.typname::text ELSE format_type(t.oid, -1) END,
              t.typtype::text, n.nspname = 'pg_catalog', t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0,
              t.typelem::bigint, t.typbasetype::bigint,
              coalesce((
                SELECT min(g.rngsubtype::bigint)
                FROM pg_range g
                WHERE t.oid IN (g.rngtypid, (to_jsonb(g) ->> 'rngmultitypid')::oid)
              ), 0),
              (
                SELECT quote_ident(m.nspname) || '.' || quote_ident(p.proname)
                FROM pg_proc p
                JOIN pg_namespace m ON m.oid = p.pronamespace
                WHERE p.oid = t.typsend
              )
            FROM used u
            JOIN pg_type t ON t.oid = u.oid
            JOIN pg_namespace n ON n.oid = t.typnamespace
            """;

    /** Type, name, type of the field. */
    static final String FIELDS = USED + """
            SELECT t.oid::bigint, a.attname, a.atttypid::bigint
            FROM used u
            JOIN pg_type t ON t.oid = u.oid AND t.typtype = 'c'
            JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY t.oid, a.attname::text COLLATE "C"
            """;

    private ShapeSql() {}
}
