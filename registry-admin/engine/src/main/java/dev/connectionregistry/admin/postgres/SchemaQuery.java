package dev.connectionregistry.admin.postgres;

/**
 * The query for a schema's lines: one text for every version from 10 on. Columns of the catalogs that some versions
 * lack are reached through {@code to_jsonb}. Left out, since different versions show them differently, since they
 * differ on purpose, or since they don't belong to the schema: bodies of views and rules, whether a trigger fires for
 * replicated rows too, NOT NULL as a constraint (it is with the column), what partitions inherit, replica identity,
 * storage parameters, owners and grants, statistics, and whatever belongs to an extension, a publication, a
 * subscription or a temporary schema, or exists only for another replicator ({@link #REPLICATORS}).
 */
final class SchemaQuery {
    /** Schemas that replicators make for themselves, on the source only; DMS in one that it is told. */
    private static final String REPLICATORS = "('bucardo', 'pglogical', 'awsdms')";

    private static final String OWN = """
            WITH n AS (
              SELECT oid, quote_ident(nspname) AS s
              FROM pg_namespace
              WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname NOT IN ${REPLICATORS}
            ),
            e AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
            r AS (
              SELECT c.oid, n.s || '.' || quote_ident(c.relname) AS q, c.relkind, c.relpersistence, c.relrowsecurity,
                c.relforcerowsecurity, c.relpartbound, c.relispartition
              FROM pg_class c
              JOIN n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
                AND c.relpersistence <> 't'
                AND NOT EXISTS (SELECT FROM e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
            )
            """.replace("${REPLICATORS}", REPLICATORS);

    private static final String RELATIONS = """
            SELECT 'relation ' || q || ' ' || relkind::text || relpersistence::text
              || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
              || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
              || CASE WHEN relkind = 'p' THEN ' by ' || pg_get_partkeydef(oid) ELSE '' END
              || coalesce(' ' || pg_get_expr(relpartbound, oid), '')
            FROM r
            """;

    private static final String PARENTS = """
            SELECT 'inherits ' || c.q || ' from ' || p.q || ' ' || i.inhseqno
            FROM pg_inherits i
            JOIN r c ON c.oid = i.inhrelid
            JOIN r p ON p.oid = i.inhparent
            """;

    private static final String COLUMNS = """
            SELECT 'column ' || r.q || ' ' || rank() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) || ' '
              || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
              || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
              || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
              || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
              || CASE
                WHEN a.atthasdef THEN coalesce(' generated ' || nullif(to_jsonb(a) ->> 'attgenerated', ''), '')
                ELSE ''
              END
              || coalesce(' collate ' || quote_ident(o.collname), '')
            FROM pg_attribute a
            JOIN r ON r.oid = a.attrelid AND r.relkind <> 'S'
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            LEFT JOIN pg_collation o ON o.oid = a.attcollation AND a.attcollation <> t.typcollation
            WHERE a.attnum > 0 AND NOT a.attisdropped
            """;

    private static final String CONSTRAINTS = """
            SELECT 'constraint ' || r.q || '.' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
            FROM pg_constraint c
            JOIN r ON r.oid = c.conrelid
            WHERE c.contype IN ('c', 'f', 'p', 'u', 'x')
              AND c.conislocal
              AND coalesce(to_jsonb(c) ->> 'conparentid', '0') = '0'
            """;

    private static final String INDEXES = """
            SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
            FROM pg_index i
            JOIN r ON r.oid = i.indrelid
            """;

    private static final String TRIGGERS =
            """
            SELECT 'trigger ' || r.q || ' ' || pg_get_triggerdef(t.oid) || ${state}
            FROM pg_trigger t
            JOIN r ON r.oid = t.tgrelid
            WHERE NOT t.tgisinternal
              AND NOT EXISTS (
                SELECT FROM pg_proc f
                JOIN pg_namespace s ON s.oid = f.pronamespace
                WHERE f.oid = t.tgfoid AND s.nspname IN ${REPLICATORS}
              )
              AND NOT EXISTS (
                SELECT FROM pg_inherits i
                JOIN pg_trigger p ON p.tgrelid = i.inhparent
                WHERE i.inhrelid = t.tgrelid AND p.tgname = t.tgname
              )
            """.replace("${state}", state("t.tgenabled")).replace("${REPLICATORS}", REPLICATORS);

    /** Leaves out their bodies: like those of views, different versions show them differently. */
    private static final String RULES = """
            SELECT 'rule ' || r.q || '.' || quote_ident(w.rulename) || ' on '
              || CASE w.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END
              || CASE WHEN w.is_instead THEN ' instead' ELSE '' END || ${state}
            FROM pg_rewrite w
            JOIN r ON r.oid = w.ev_class
            WHERE w.rulename <> '_RETURN'
            """.replace("${state}", state("w.ev_enabled"));

    private static final String OWN_TYPES = """
            FROM pg_type t
            JOIN n ON n.oid = t.typnamespace
              AND NOT EXISTS (SELECT FROM e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
            """;

    private static final String ENUMS = """
            SELECT 'enum ' || n.s || '.' || quote_ident(t.typname) || ' '
              || string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder)
            ${OWN_TYPES}
            JOIN pg_enum l ON l.enumtypid = t.oid
            GROUP BY n.s, t.typname
            """.replace("${OWN_TYPES}", OWN_TYPES);

    private static final String DOMAINS = """
            SELECT 'domain ' || n.s || '.' || quote_ident(t.typname) || ' ' || format_type(t.typbasetype, t.typtypmod)
              || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '')
            ${OWN_TYPES}
            WHERE t.typtype = 'd'
            """.replace("${OWN_TYPES}", OWN_TYPES);

    private static final String DOMAIN_CONSTRAINTS = """
            SELECT 'domain constraint ' || n.s || '.' || quote_ident(t.typname) || '.' || quote_ident(c.conname)
              || ' ' || pg_get_constraintdef(c.oid)
            ${OWN_TYPES}
            JOIN pg_constraint c ON c.contypid = t.oid AND c.contype = 'c'
            """.replace("${OWN_TYPES}", OWN_TYPES);

    private static final String RANGES = """
            SELECT 'range ' || n.s || '.' || quote_ident(t.typname) || ' ' || format_type(g.rngsubtype, NULL)
            ${OWN_TYPES}
            JOIN pg_range g ON g.rngtypid = t.oid
            """.replace("${OWN_TYPES}", OWN_TYPES);

    /** Leaves out the functions of range types, which differ: from 14 on there are multiranges. */
    private static final String FUNCTIONS = """
            SELECT 'function ' || n.s || '.' || quote_ident(p.proname) || '(' || pg_get_function_arguments(p.oid)
              || ') returns ' || coalesce(pg_get_function_result(p.oid), 'nothing') || ' ' || l.lanname || ' '
              || p.provolatile::text || CASE WHEN p.proisstrict THEN ' strict' ELSE '' END
              || CASE WHEN p.prosecdef THEN ' security definer' ELSE '' END || ' ' || md5(p.prosrc)
            FROM pg_proc p
            JOIN n ON n.oid = p.pronamespace
            JOIN pg_language l ON l.oid = p.prolang
            WHERE NOT EXISTS (SELECT FROM e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
              AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i'
              )
            """;

    private static final String SEQUENCES = """
            SELECT 'sequence ' || r.q || ' ' || format_type(s.seqtypid, NULL) || ' start ' || s.seqstart || ' by '
              || s.seqincrement || ' from ' || s.seqmin || ' to ' || s.seqmax || ' cache ' || s.seqcache
              || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END
            FROM pg_sequence s
            JOIN r ON r.oid = s.seqrelid
            """;

    private static final String POLICIES = """
            SELECT 'policy ' || r.q || ' ' || quote_ident(p.polname) || ' ' || p.polcmd::text
              || CASE WHEN p.polpermissive THEN ' permissive' ELSE ' restrictive' END
              || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
              || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
            FROM pg_policy p
            JOIN r ON r.oid = p.polrelid
            """;

    /** One column of text, in no order. Must run with only {@code pg_catalog} in the search path. */
    static final String LINES = OWN
            + String.join(
                    " UNION ALL ",
                    RELATIONS,
                    PARENTS,
                    COLUMNS,
                    CONSTRAINTS,
                    INDEXES,
                    TRIGGERS,
                    RULES,
                    ENUMS,
                    DOMAINS,
                    DOMAIN_CONSTRAINTS,
                    RANGES,
                    FUNCTIONS,
                    SEQUENCES,
                    POLICIES);

    private SchemaQuery() {}

    /**
     * Whether ordinary writes fire it. That is the same for ALWAYS and for a plain ENABLE, and for REPLICA and DISABLE;
     * they differ only for replicated rows, and for those the triggers are set aside while the target follows (see
     * {@link TriggerStates}).
     */
    private static String state(String column) {
        return "CASE WHEN " + column + " IN ('O', 'A') THEN ' enabled' ELSE ' not for ordinary writes' END";
    }
}
