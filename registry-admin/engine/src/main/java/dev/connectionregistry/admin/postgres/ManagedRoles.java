package dev.connectionregistry.admin.postgres;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The roles by which managed services allow what other servers reserve for superusers; the only list of them. Gives
 * pieces of SQL; pure.
 */
public enum ManagedRoles {
    /** Of Amazon RDS and Aurora. */
    RDS_SUPERUSER("rds_superuser", true, true),
    /** Of Amazon RDS and Aurora, for slots alone. */
    RDS_REPLICATION("rds_replication", false, true),
    /** Of Google Cloud SQL. */
    CLOUD_SQL("cloudsqlsuperuser", true, false),
    /** Of Google AlloyDB. */
    ALLOY_DB("alloydbsuperuser", true, false),
    /** Of Azure Database for PostgreSQL. */
    AZURE("azure_pg_admin", true, true);

    private final String role;
    private final boolean standsForSuperuser;
    private final boolean replicates;

    ManagedRoles(String role, boolean standsForSuperuser, boolean replicates) {
        this.role = role;
        this.standsForSuperuser = standsForSuperuser;
        this.replicates = replicates;
    }

    /** Whether the role of this row of {@code pg_roles} is a superuser, or a provider's stand-in for one. */
    public static String isSuperuser(String role) {
        return "(" + role + ".rolsuper OR " + isIn(role, each -> each.standsForSuperuser) + ")";
    }

    /** Whether the role of this row of {@code pg_roles} may make and use slots. */
    public static String mayReplicate(String role) {
        return "(" + role + ".rolsuper OR " + role + ".rolreplication OR " + isIn(role, each -> each.replicates) + ")";
    }

    /**
     * The statement that gives {@code role}, in quotes, the right to make and use slots on RDS, where ALTER ROLE can't.
     */
    public static String replicationOnRds(String role) {
        return "GRANT " + RDS_REPLICATION.role + " TO " + role;
    }

    private static String isIn(String role, Predicate<ManagedRoles> which) {
        String names = Stream.of(values())
                .filter(which)
                .map(each -> "'" + each.role + "'")
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, """
                EXISTS (
                  SELECT FROM pg_catalog.pg_roles g
                  WHERE g.rolname IN (%s) AND pg_catalog.pg_has_role(%s.oid, g.oid, 'USAGE')
                )""", names, role);
    }
}
