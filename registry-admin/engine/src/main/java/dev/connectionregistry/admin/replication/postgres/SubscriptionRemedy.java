package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.SupportedMajors;
import java.util.Locale;

/**
 * What to do if the server doesn't let a role make or change subscriptions. For messages; pure, immutable.
 *
 * @param toMake what to do if one can't be made
 * @param toChange what to do if an existing one can't be altered or dropped
 */
record SubscriptionRemedy(String toMake, String toChange) {
    private static final String OTHER_ROLE =
            "--target-admin-username, with --target-admin-password-ref (where this is the"
                    + " server that the fleet is on: --admin-username)";

    /** The remedy for {@code login} on a server of {@code major}. */
    static SubscriptionRemedy of(Login login, int major) {
        String role = Sql.identifier(login.username());
        if (major < SupportedMajors.SUBSCRIBING_ROLE) {
            String superuser = "before Postgres 16 only a superuser may do that, and this is Postgres " + major
                    + ": name one with " + OTHER_ROLE;
            return new SubscriptionRemedy(superuser, superuser);
        }
        String database = Sql.identifier(login.endpoint().databaseName());
        String grants = String.format(Locale.ROOT, """
                GRANT pg_create_subscription TO %1$s; \
                GRANT CREATE ON DATABASE %2$s TO %1$s""", role, database);
        return new SubscriptionRemedy(
                "grant it with: " + grants,
                "it belongs to another role: name that one, or a superuser, with " + OTHER_ROLE + "; if " + role
                        + " is its owner: " + grants);
    }
}
