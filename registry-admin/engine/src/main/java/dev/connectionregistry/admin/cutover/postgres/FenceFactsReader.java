package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Call;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Grant;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Role;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what a fence's plan is made from. Changes nothing. */
final class FenceFactsReader {
    private static final String DATABASE =
            "(SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
    private static final String DEFAULTS = """
            SELECT r.rolname, s.setdatabase <> 0, substr(c, strpos(c, '=') + 1), substr(c, strpos(c, '=') + 1)::boolean
            FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
            WHERE lower(split_part(c, '=', 1)) = 'default_transaction_read_only'
              AND (s.setdatabase = DATABASE OR (s.setdatabase = 0 AND s.setrole <> 0))
              AND (s.setrole = 0 OR (r.rolcanlogin AND has_database_privilege(r.oid, DATABASE, 'CONNECT')) OR ?)
            ORDER BY r.rolname, 2
            """.replace("DATABASE", DATABASE);
    private static final String CONNECTS = """
            SELECT grantee.rolname, grantor.rolname, a.is_grantable
            FROM pg_catalog.pg_database d
            CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
            LEFT JOIN pg_catalog.pg_roles grantee ON grantee.oid = a.grantee
            JOIN pg_catalog.pg_roles grantor ON grantor.oid = a.grantor
            WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'
              AND (a.grantee = 0 OR grantee.oid IS NOT NULL)
            ORDER BY 1, 2
            """;
    /**
     * Leaves out superusers, who may call them anyway. From Postgres 16 on these functions refuse to write in a
     * read-only transaction.
     */
    private static final String CALLS = """
            SELECT p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', o.rolname, p.proacl IS NULL,
                   grantee.rolname, grantor.rolname, a.is_grantable
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
            CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
            LEFT JOIN pg_catalog.pg_roles grantee ON grantee.oid = a.grantee
            JOIN pg_catalog.pg_roles grantor ON grantor.oid = a.grantor
            WHERE current_setting('server_version_num')::int < 160000
              AND p.pronamespace = 'pg_catalog'::regnamespace AND a.privilege_type = 'EXECUTE'
              AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_unlink',
                  'lo_truncate', 'lo_truncate64', 'lo_import')
              AND (a.grantee = 0 OR NOT grantee.rolsuper)
            ORDER BY 1, 4, 5
            """;

    private static final String REPLICATORS = """
            SELECT r.rolname FROM pg_catalog.pg_roles r
            WHERE NOT r.rolsuper
              AND ((r.rolreplication AND has_database_privilege(r.oid, DATABASE, 'CONNECT'))
                OR r.oid IN (SELECT usesysid FROM pg_catalog.pg_stat_activity
                             WHERE datid = DATABASE AND backend_type = 'walsender'))
            ORDER BY 1
            """.replace("DATABASE", DATABASE);
    private static final String WHO = """
            SELECT current_database(), o.rolname, a.rolname, a.rolsuper, coalesce(s.rolsuper, false),
                   coalesce(pg_has_role(s.oid, a.oid, 'USAGE') AND NOT s.rolsuper, false), d.datacl IS NULL
            FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles o ON o.oid = d.datdba
            JOIN pg_catalog.pg_roles a ON a.rolname = current_user
            LEFT JOIN pg_catalog.pg_roles s ON s.rolname = ?
            WHERE d.datname = current_database()
            """;

    private final Session session;

    FenceFactsReader(Session session) {
        this.session = session;
    }

    FenceFacts read(String service, Deadline bound) throws SQLException {
        List<ReadOnlyDefault> defaults = defaults(bound);
        List<Grant> connects = connects(bound);
        List<Call> calls = calls(bound);
        List<Role> roles = roles(bound);
        Set<String> replicators = new HashSet<>(session.query(bound, REPLICATORS, row -> row.getString(1)));
        return session.queryOne(
                bound,
                WHO,
                row -> new FenceFacts(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        service,
                        row.getBoolean(5),
                        row.getBoolean(6),
                        defaults,
                        row.getBoolean(7),
                        connects,
                        calls,
                        replicators,
                        roles),
                service);
    }

    /** Those of roles that may log in to the database, and the database's own. */
    List<ReadOnlyDefault> defaults(Deadline bound) throws SQLException {
        return defaults(false, bound);
    }

    private List<ReadOnlyDefault> defaults(boolean ofAll, Deadline bound) throws SQLException {
        return session.query(
                bound,
                DEFAULTS,
                row -> new ReadOnlyDefault(row.getString(1), row.getBoolean(2), row.getString(3), row.getBoolean(4)),
                ofAll);
    }

    /** The current state of what a fence may have changed, even for roles that it keeps from logging in. */
    FenceEffects inForce(Deadline bound) throws SQLException {
        return new FenceEffects(defaults(true, bound), connects(bound), calls(bound));
    }

    private List<Grant> connects(Deadline bound) throws SQLException {
        return session.query(bound, CONNECTS, row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3)));
    }

    /** Who may call the functions that write in spite of a read-only transaction; none from Postgres 16 on. */
    List<Call> calls(Deadline bound) throws SQLException {
        return session.query(
                bound,
                CALLS,
                row -> new Call(
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        new Grant(row.getString(4), row.getString(5), row.getBoolean(6))));
    }

    private List<Role> roles(Deadline bound) throws SQLException {
        return session.query(
                bound,
                "SELECT rolname, rolsuper FROM pg_catalog.pg_roles",
                row -> new Role(row.getString(1), row.getBoolean(2)));
    }
}
