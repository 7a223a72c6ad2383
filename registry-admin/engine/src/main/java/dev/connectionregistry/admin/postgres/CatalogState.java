package dev.connectionregistry.admin.postgres;

import java.util.List;

/**
 * The version of every catalog row about a database's own objects, without its content. PostgreSQL never changes a
 * definition in place: it writes a new version of the row, whose {@code xmin} is the transaction that wrote it. So the
 * definitions are unchanged between two moments at which the state is equal. Written in place are statistics, which
 * define nothing, and up to version 13 whether an index is valid, which is therefore part of the state (PostgreSQL,
 * {@code heap_inplace_update} and {@code index_set_state_flags}).
 *
 * <p>Covers what {@link SchemaQuery} reads, and what the server functions that it calls read. Objects that come with
 * the server are left out, such as a collation of {@code initdb} that somebody renames, and so are those of sessions:
 * temporary tables come and go.
 */
final class CatalogState {
    /** Objects with a lower number come with the server ({@code FirstNormalObjectId}). */
    private static final String OWN = "oid >= 16384";

    private static final String RELATIONS = """
            WITH n AS (
              SELECT oid, xmin FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
            ),
            o AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'),
            r AS (SELECT c.oid, c.xmin FROM pg_class c JOIN n ON n.oid = c.relnamespace WHERE c.relpersistence <> 't')
            """;

    /** Catalogs whose rows belong to a relation each, and the column that names it. */
    private static final List<String> OF_RELATIONS = List.of(
            "pg_attrdef.adrelid",
            "pg_inherits.inhrelid",
            "pg_partitioned_table.partrelid",
            "pg_policy.polrelid",
            "pg_rewrite.ev_class",
            "pg_sequence.seqrelid",
            "pg_trigger.tgrelid");

    private static final List<String> OTHERS = List.of(
            "SELECT xmin FROM n",
            "SELECT xmin FROM r",
            "SELECT a.xmin FROM pg_attribute a JOIN r ON r.oid = a.attrelid WHERE a.attnum > 0",
            """
            SELECT concat_ws('/', i.xmin, i.indisvalid, i.indisready, i.indislive) AS xmin
            FROM pg_index i
            JOIN r ON r.oid = i.indrelid
            """,
            "SELECT xmin FROM pg_constraint WHERE " + OWN + " AND (conrelid = 0 OR conrelid IN (SELECT oid FROM r))",
            "SELECT t.xmin FROM pg_type t JOIN o ON o.oid = t.typnamespace WHERE t." + OWN,
            "SELECT p.xmin FROM pg_proc p JOIN o ON o.oid = p.pronamespace WHERE p." + OWN,
            "SELECT xmin FROM pg_enum",
            "SELECT xmin FROM pg_range WHERE rngtypid >= 16384",
            "SELECT xmin FROM pg_collation WHERE " + OWN,
            "SELECT xmin FROM pg_operator WHERE " + OWN,
            "SELECT xmin FROM pg_opclass WHERE " + OWN,
            "SELECT xmin FROM pg_ts_config WHERE " + OWN,
            "SELECT xmin FROM pg_ts_dict WHERE " + OWN,
            "SELECT xmin FROM pg_am",
            "SELECT xmin FROM pg_language",
            "SELECT xmin FROM pg_depend WHERE refclassid = 'pg_extension'::regclass");

    /**
     * One row with the state; null while another session has, or waits for, a lock on a relation that lets nobody read
     * its definition, since that may be about to change. A prepared transaction has its locks without a process.
     */
    static final String QUERY = RELATIONS + """
            SELECT CASE
              WHEN EXISTS (
                SELECT FROM pg_locks
                WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND relation IN (SELECT oid FROM r)
              ) THEN NULL
              ELSE concat_ws(',', ${STATES})
            END
            """.replace("${STATES}", states());

    private CatalogState() {}

    private static String states() {
        StringBuilder states = new StringBuilder();
        for (String rows : OTHERS) {
            add(states, rows);
        }
        for (String column : OF_RELATIONS) {
            String catalog = column.substring(0, column.indexOf('.'));
            add(states, "SELECT " + catalog + ".xmin FROM " + catalog + " JOIN r ON r.oid = " + column);
        }
        return states.toString();
    }

    private static void add(StringBuilder states, String rows) {
        states.append(states.isEmpty() ? "" : ", ")
                .append(
                        "(SELECT coalesce(md5(string_agg(q.xmin::text, ' ' ORDER BY q.xmin::text COLLATE \"C\")), '-') FROM (")
                .append(rows)
                .append(") AS q)");
    }
}
