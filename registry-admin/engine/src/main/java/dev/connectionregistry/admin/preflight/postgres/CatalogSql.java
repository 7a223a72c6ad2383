package dev.connectionregistry.admin.preflight.postgres;

/** Names for the pieces of SQL that several checks need. Pure. */
final class CatalogSql {
    private CatalogSql() {}

    /**
     * Puts pieces in place of their names:
     *
     * <ul>
     *   <li>{@code {database}}: the oid of the current database
     *   <li>{@code {name}}: the name of the relation {@code c} of schema {@code n}, quoted where it must be
     *   <li>{@code {by name}}: what to order by, so that the order is the same in every locale
     *   <li>{@code {own schema}}: whether schema {@code n} is the users' own, not the system's
     *   <li>{@code {own}}: whether relation {@code c} of schema {@code n} is the users' own: neither temporary nor part
     *       of an extension
     *   <li>{@code {relations}}: {@code pg_class} as {@code c} with its schema as {@code n}
     * </ul>
     */
    static String sql(String text) {
        return text.replace("{own}", """
                        {own schema} AND c.relpersistence <> 't'
                        AND NOT EXISTS (
                            SELECT FROM pg_catalog.pg_depend e
                            WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')""")
                .replace(
                        "{relations}", "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace")
                .replace("{own schema}", "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'")
                .replace("{by name}", "n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"")
                .replace("{name}", "pg_catalog.format('%I.%I', n.nspname, c.relname)")
                .replace("{database}", "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())");
    }
}
