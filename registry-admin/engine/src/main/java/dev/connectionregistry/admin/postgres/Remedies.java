package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.Sql;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to grant if a server says that a right is missing. For messages; pure. */
public final class Remedies {
    /** Ending other roles' sessions. */
    public static final String SIGNAL =
            "grant it with: GRANT pg_signal_backend TO the run's role; a superuser's session can only be"
                    + " ended by a superuser";

    /** Reading the positions of sequences. */
    public static final String READ_SEQUENCES =
            "grant it with: GRANT SELECT ON ALL SEQUENCES IN SCHEMA ... TO the run's role";

    public static final String SET_SEQUENCES =
            "grant it with: GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ... TO the run's role";
    public static final String READ_TABLE = "grant it with: GRANT SELECT ON the table TO the run's role";
    /** Making and reading slots. */
    public static final String REPLICATION =
            "grant it with: ALTER ROLE the run's role REPLICATION (on RDS: GRANT rds_replication); if that is the"
                    + " services' role, name another with --admin-username or --target-admin-username";
    /** Making temporary tables. */
    public static final String TEMPORARY = "grant it with: GRANT TEMPORARY ON DATABASE ... TO the run's role";
    /** Needs no right. */
    public static final String NONE = "";

    private Remedies() {}

    /** For a change of a fence's plan; {@code altered} is the role whose own settings it changes. */
    public static String ofFence(Optional<String> altered, String admin, @Nullable String owner) {
        String role = Sql.identifier(admin);
        if (altered.isPresent()) {
            return "a role with a default_transaction_read_only of its own, or an exempt one, needs: ALTER ROLE " + role
                    + " CREATEROLE; and from Postgres 16 on GRANT " + Sql.identifier(altered.get()) + " TO " + role
                    + " WITH ADMIN OPTION; for a superuser's role it takes a superuser";
        }
        return "grant it with: GRANT " + (owner == null ? "the database's owner" : Sql.identifier(owner)) + " TO "
                + role;
    }
}
