package dev.connectionregistry.admin.preflight.postgres;

/** Pieces of SQL that several checks need. */
public final class CatalogSql {
    /** The oid of the present database. */
    public static final String DATABASE = "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";

    /** As {@link #relations}, without more joins. */
    public static final String RELATIONS = relations("");

    /** The name of {@code c}, as it is written in SQL, only quoted where it must be. */
    public static final String NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)";

    /** A stable order whatever the locale. */
    public static final String ORDER = " ORDER BY n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"";

    private CatalogSql() {}

    /**
     * Relations of the users' own, as {@code c}, with their schema as {@code n}: no temporary ones, nothing of the system's, nothing
     * that belongs to an extension. To be followed by {@code AND}.
     *
     * @param joins more joins, each with a blank before it; may be empty
     */
    public static String relations(String joins) {
        return " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" + joins
                + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'"
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass"
                + " AND e.objid = c.oid AND e.deptype = 'e')";
    }
}
