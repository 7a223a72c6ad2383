package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.ManagedRoles;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.SupportedMajors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a role may do in the database of a session, and the rules for what replication needs. Preflight, start and
 * reverse all judge by these. Immutable.
 *
 * @param name the role's name
 * @param database the database's name
 * @param major the server's major version
 * @param superuser whether it is a superuser
 * @param standsForSuperuser whether it is a superuser, or a provider's stand-in for one
 * @param replicates whether it may make and use slots
 * @param creates whether it may create in the database
 * @param connects whether it may connect to the database
 * @param makesTemporaryTables whether it may make temporary tables in the database
 * @param isInSubscribers whether it has the rights of {@code pg_create_subscription}
 */
public record RoleRights(
        String name,
        String database,
        int major,
        boolean superuser,
        boolean standsForSuperuser,
        boolean replicates,
        boolean creates,
        boolean connects,
        boolean makesTemporaryTables,
        boolean isInSubscribers) {
    private static final String SUBSCRIBERS = "pg_create_subscription";
    private static final String READ =
            String.format(Locale.ROOT, """
            SELECT r.rolname, current_database(), current_setting('server_version_num')::int / 10000, r.rolsuper,
                   %s, %s,
                   pg_catalog.has_database_privilege(r.oid, current_database(), 'CREATE'),
                   pg_catalog.has_database_privilege(r.oid, current_database(), 'CONNECT'),
                   pg_catalog.has_database_privilege(r.oid, current_database(), 'TEMPORARY'),
                   EXISTS (SELECT FROM pg_catalog.pg_roles s
                       WHERE s.rolname = '%s' AND pg_catalog.pg_has_role(r.oid, s.oid, 'USAGE'))
            FROM pg_catalog.pg_roles r
            WHERE r.rolname =
            """, ManagedRoles.isSuperuser("r"), ManagedRoles.mayReplicate("r"), SUBSCRIBERS);

    /**
     * The rights of the role that the session uses, which may differ from the login role because of that role's
     * settings.
     */
    public static RoleRights ofOurs(Session session, Deadline bound) throws SQLException {
        return session.query(bound, READ + "current_user", RoleRights::read).get(0);
    }

    /** The rights of a role; empty if there is no role of that name. */
    public static Optional<RoleRights> of(Session session, Deadline bound, String role) throws SQLException {
        return session.query(bound, READ + "?", RoleRights::read, role).stream().findFirst();
    }

    private static RoleRights read(ResultSet row) throws SQLException {
        return new RoleRights(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9),
                row.getBoolean(10));
    }

    /** Whether subscribing needs a superuser, or a provider's stand-in for one, and this role is neither. */
    public boolean lacksSuperuser() {
        return major < SupportedMajors.SUBSCRIBING_ROLE && !standsForSuperuser;
    }

    /** What it lacks to subscribe, except rights on tables. */
    public List<MissingRight> toSubscribe() {
        if (major < SupportedMajors.SUBSCRIBING_ROLE) {
            return missing(
                    standsForSuperuser,
                    "make subscriptions, which before Postgres 16 only superusers may",
                    "is not a superuser, and this is Postgres " + major,
                    "ALTER ROLE " + quoted() + " SUPERUSER, or --target-admin-username with a role that is one");
        }
        return Stream.concat(
                        missing(
                                standsForSuperuser || isInSubscribers,
                                "make subscriptions",
                                "is not in " + SUBSCRIBERS,
                                "GRANT " + SUBSCRIBERS + " TO " + quoted())
                                .stream(),
                        toCreate("make subscriptions").stream())
                .toList();
    }

    /** What it lacks to create in the database, which is needed for {@code purpose}. */
    public List<MissingRight> toCreate(String purpose) {
        return missing(
                creates,
                purpose,
                "may not create in the database",
                "GRANT CREATE ON DATABASE " + Sql.identifier(database) + " TO " + quoted());
    }

    /** What it lacks to make and use slots. */
    public List<MissingRight> toReplicate() {
        return missing(
                replicates,
                "make and use slots",
                "may not replicate",
                "ALTER ROLE " + quoted() + " REPLICATION (on RDS: " + ManagedRoles.replicationOnRds(quoted()) + ")");
    }

    /** What it lacks to log in to the database. */
    public List<MissingRight> toConnect() {
        return missing(
                connects,
                "log in for the subscription",
                "may not connect",
                "GRANT CONNECT ON DATABASE " + Sql.identifier(database) + " TO " + quoted());
    }

    /** What it lacks to pass a password in a temporary table, where no log shows it. */
    public List<MissingRight> toHandPasswordOver() {
        return missing(
                makesTemporaryTables,
                "pass a password without showing it",
                "may not make temporary tables",
                "GRANT TEMPORARY ON DATABASE " + Sql.identifier(database) + " TO " + quoted());
    }

    private List<MissingRight> missing(boolean there, String what, String lack, String statement) {
        return there ? List.of() : List.of(new MissingRight(what, lack, statement, Optional.of(name)));
    }

    private String quoted() {
        return Sql.identifier(name);
    }
}
