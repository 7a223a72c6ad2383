package dev.connectionregistry.admin.postgres;

/** Roles by which managed services allow what a server of one's own keeps to superusers. Pieces of SQL; pure. */
public final class ManagedRoles {
    private static final String SUPERUSERS =
            "('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser')";
    private static final String REPLICATORS = "('rds_replication', 'rds_superuser', 'azure_pg_admin')";

    private ManagedRoles() {}

    /** Whether the role of this row of {@code pg_roles} is a superuser, or a provider's stand-in for one. */
    public static String isSuperuser(String role) {
        return "(" + role + ".rolsuper OR " + isIn(role, SUPERUSERS) + ")";
    }

    /** Whether the role of this row of {@code pg_roles} may make and use slots. */
    public static String mayReplicate(String role) {
        return "(" + role + ".rolsuper OR " + role + ".rolreplication OR " + isIn(role, REPLICATORS) + ")";
    }

    private static String isIn(String role, String groups) {
        return "EXISTS (SELECT FROM pg_catalog.pg_roles g WHERE g.rolname IN " + groups + " AND pg_catalog.pg_has_role("
                + role + ".oid, g.oid, 'USAGE'))";
    }
}
