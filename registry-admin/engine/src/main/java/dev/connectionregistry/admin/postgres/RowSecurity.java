package dev.connectionregistry.admin.postgres;

/**
 * Which roles row security hides rows from. A copy that reads under policies silently leaves rows out; a subscription
 * that writes under them is refused every time. Pieces of SQL; pure.
 */
public final class RowSecurity {
    /** Whether subscriptions write as the tables' owners unless they are told otherwise: from 16 on. */
    public static final String RUNS_AS_TABLE_OWNERS = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute
                WHERE attrelid = 'pg_catalog.pg_subscription'::regclass AND attname = 'subrunasowner')
            """;

    /**
     * Tables whose policies bind their own owner, as whom a subscription writes; and whether our role could write them
     * itself.
     */
    public static final String BIND_THEIR_OWNERS =
            """
            SELECT n.nspname, c.relname, pg_catalog.quote_ident(o.rolname), me.rolsuper OR me.rolbypassrls
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
            JOIN pg_catalog.pg_roles me ON me.rolname = current_user
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND
            """ + binds("c", "o") + " ORDER BY n.nspname::text COLLATE \"C\", c.relname::text COLLATE \"C\"";

    private RowSecurity() {}

    /**
     * Whether policies of a table bind a role.
     *
     * @param table the alias of its row of {@code pg_class}
     * @param role the alias of the role's row of {@code pg_roles}
     */
    public static String binds(String table, String role) {
        return """
                (${table}.relrowsecurity AND NOT ${role}.rolsuper AND NOT ${role}.rolbypassrls
                  AND (${table}.relforcerowsecurity OR NOT pg_catalog.pg_has_role(${role}.oid, ${table}.relowner, 'USAGE')))
                """.replace("${table}", table).replace("${role}", role);
    }
}
