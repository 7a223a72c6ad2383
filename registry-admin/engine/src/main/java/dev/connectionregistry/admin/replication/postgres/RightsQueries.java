package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.ManagedRoles;
import dev.connectionregistry.admin.postgres.RowSecurity;

/**
 * Queries that give what is missing, as words that go on after "to", and the statement for it, and nothing where nothing is missing.
 */
final class RightsQueries {
    /** From here on roles that aren't superusers may subscribe. */
    static final int SUBSCRIBING_ROLE = 16;

    private static final String NOT_SUPER =
            " NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)";
    private static final String NOT_MANAGED = """
            NOT (SELECT ${isSuperuser} FROM pg_catalog.pg_roles a WHERE a.rolname = current_user)
            """.replace("${isSuperuser}", ManagedRoles.isSuperuser("a"));
    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, c.relowner, c.relrowsecurity, c.relforcerowsecurity
            FROM unnest(?::text[], ?::text[]) AS t (s, r)
            JOIN pg_catalog.pg_namespace n ON n.nspname = t.s
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.r
            """;

    static final String WAL_LEVEL = """
            SELECT 'make logical slots, and wal_level is ' || setting,
              'ALTER SYSTEM SET wal_level = ''logical'', then restart the server (on RDS: rds.logical_replication = 1)'
            FROM pg_catalog.pg_settings
            WHERE name = 'wal_level'
              AND setting <> 'logical'
              AND NOT (
                setting = 'replica'
                  AND EXISTS (SELECT FROM pg_catalog.pg_settings e WHERE e.name = 'effective_wal_level')
              )
            """;

    static final String FREE_SLOTS = """
            SELECT 'make more slots (' || ?::bigint || '), and there is room for ' || free,
              'ALTER SYSTEM SET max_replication_slots = ' || (used + ?::bigint + 4)
                || ', and max_wal_senders as much, then restart the server'
            FROM (
              SELECT current_setting('max_replication_slots')::bigint - count(*) AS free, count(*) AS used
              FROM pg_catalog.pg_replication_slots
            ) AS f
            WHERE free < ?::bigint
            """;

    /** Each subscription has a worker for good, and one more while it copies. */
    static final String FREE_WORKERS = """
            SELECT 'run ' || needed || ' replication workers, and there is room for ' || most,
              'ALTER SYSTEM SET max_logical_replication_workers = ' || (needed + 2)
                || ', max_worker_processes and max_replication_slots with it, then restart the server'
            FROM (
              SELECT
                (SELECT count(*) FROM pg_catalog.pg_subscription) + ?::bigint + CASE
                  WHEN ?::bigint > 0 THEN 1
                  ELSE 0
                END AS needed,
                least(
                  current_setting('max_logical_replication_workers')::bigint,
                  current_setting('max_worker_processes')::bigint, current_setting('max_replication_slots')::bigint
                ) AS most
            ) AS w
            WHERE needed > most
            """;

    static final String CREATE = """
            SELECT ?::text, format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
            WHERE NOT has_database_privilege(current_database(), 'CREATE')
            """;

    static final String TEMPORARY = """
            SELECT 'hand a password over without showing it',
              format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), current_user)
            WHERE NOT has_database_privilege(current_database(), 'TEMPORARY')
            """;

    static final String REPLICATION = """
            SELECT 'make and use slots',
              format('ALTER ROLE %I REPLICATION (on RDS: GRANT rds_replication TO %I)', rolname, rolname)
            FROM pg_catalog.pg_roles a
            WHERE rolname = ? AND NOT ${mayReplicate}
            """.replace("${mayReplicate}", ManagedRoles.mayReplicate("a"));

    static final String OWNERS = """
            SELECT
              format(
                'publish tables of %I, such as %I.%I (%s in all)', o.rolname, min(t.nspname), min(t.relname), count(*)
              ),
              format('GRANT %I TO %I', o.rolname, current_user)
            FROM (${TABLES}) AS t
            JOIN pg_catalog.pg_roles o ON o.oid = t.relowner
            WHERE NOT pg_has_role(current_user, o.oid, 'USAGE') AND ${NOT_SUPER}
            GROUP BY o.rolname
            """.replace("${TABLES}", TABLES).replace("${NOT_SUPER}", NOT_SUPER);

    static final String ROLE = """
            SELECT 'subscribe as ' || ?::text, format('CREATE ROLE %I LOGIN REPLICATION PASSWORD ...', wanted)
            FROM (SELECT ?::text AS wanted) AS w
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted)
            """;

    static final String CONNECT = """
            SELECT 'log in for the subscription',
              format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), ?::text)
            WHERE NOT has_database_privilege(?, current_database(), 'CONNECT')
            """;

    static final String SCHEMAS = """
            SELECT DISTINCT format('read tables of schema %I', t.nspname),
              format('GRANT USAGE ON SCHEMA %I TO %I', t.nspname, ?::text)
            FROM (${TABLES}) AS t
            WHERE NOT has_schema_privilege(?, t.nspname, 'USAGE')
            """.replace("${TABLES}", TABLES);

    static final String SELECT = """
            SELECT format('read %I.%I for the copy', t.nspname, t.relname),
              format('GRANT SELECT ON %I.%I TO %I', t.nspname, t.relname, ?::text)
            FROM (${TABLES}) AS t
            WHERE NOT has_table_privilege(?, t.oid, 'SELECT')
            """.replace("${TABLES}", TABLES);

    /** A copy under policies would leave rows out without a word. */
    static final String ROW_SECURITY =
            """
            SELECT format('copy all rows of %I.%I, some of which its row security may hide', t.nspname, t.relname),
              format('ALTER ROLE %I BYPASSRLS', r.rolname)
            FROM (${TABLES}) AS t
            JOIN pg_catalog.pg_roles r ON r.rolname = ?
            WHERE ${binds}
            """.replace("${TABLES}", TABLES).replace("${binds}", RowSecurity.binds("t", "r"));

    /** From 16 on a subscription writes as the tables' owners, or as its own owner where these are bound by policies. */
    static final String WRITE_AS_OWNERS =
            """
            SELECT
              format('write to %I.%I, whose row security binds its own owner %I', t.nspname, t.relname, o.rolname),
              format('ALTER ROLE %I BYPASSRLS', current_user)
            FROM (${TABLES}) AS t
            JOIN pg_catalog.pg_roles o ON o.oid = t.relowner
            JOIN pg_catalog.pg_roles m ON m.rolname = current_user
            WHERE NOT (m.rolsuper OR m.rolbypassrls) AND ${binds}
            """.replace("${TABLES}", TABLES).replace("${binds}", RowSecurity.binds("t", "o"));

    /** Before, it writes as its own owner. */
    static final String WRITE_AS_ONESELF =
            """
            SELECT format('write to %I.%I, whose row security binds this role', t.nspname, t.relname),
              format('ALTER ROLE %I BYPASSRLS', current_user)
            FROM (${TABLES}) AS t
            JOIN pg_catalog.pg_roles m ON m.rolname = current_user
            WHERE ${binds}
            """.replace("${TABLES}", TABLES).replace("${binds}", RowSecurity.binds("t", "m"));

    static final String SUPERUSER = """
            SELECT 'make subscriptions, which before Postgres 16 only superusers may',
              format('ALTER ROLE %I SUPERUSER, or --target-admin-username with a role that is one', current_user)
            WHERE ${NOT_MANAGED}
            """.replace("${NOT_MANAGED}", NOT_MANAGED);

    static final String CREATE_SUBSCRIPTION = """
            SELECT 'make subscriptions', format('GRANT pg_create_subscription TO %I', current_user)
            WHERE NOT pg_has_role(current_user, 'pg_create_subscription', 'USAGE') AND ${NOT_MANAGED}
            """.replace("${NOT_MANAGED}", NOT_MANAGED);

    static final String SET_OWNER = """
            SELECT
              format(
                'write to tables of %I, such as %I.%I (%s in all)', o.rolname, min(t.nspname), min(t.relname),
                count(*)
              ),
              format('GRANT %I TO %I', o.rolname, current_user)
            FROM (${TABLES}) AS t
            JOIN pg_catalog.pg_roles o ON o.oid = t.relowner
            WHERE NOT pg_has_role(current_user, o.oid, 'SET') AND ${NOT_SUPER}
            GROUP BY o.rolname
            """.replace("${TABLES}", TABLES).replace("${NOT_SUPER}", NOT_SUPER);

    static final String PASSFILE = """
            SELECT 'subscribe with a passfile, which only superusers may: others must hand a password over',
              'leave --connection-option passfile=... out, or use --target-admin-username with a superuser'
            WHERE ${NOT_SUPER}
            """.replace("${NOT_SUPER}", NOT_SUPER);

    private RightsQueries() {}
}
