package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.postgres.SecretStatement;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Has the target log in to the source as a subscription does, by making a second one like it that is rolled back. The
 * connection string, in which the password is, stays on the target, and no message has it. Works only for superusers,
 * since only they may read the string, and only for a superuser's subscription: that of another role must not log in
 * with means that the server reserves for superusers.
 */
final class ConnectTrial {
    private static final String MAY =
            "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')";
    private static final String BLOCK = """
            DECLARE connection text; publication text;
            BEGIN
              SELECT s.subconninfo, s.subpublications[1] INTO connection, publication FROM pg_catalog.pg_subscription s
              JOIN pg_catalog.pg_roles r ON r.oid = s.subowner AND r.rolsuper
              WHERE s.subname = :name AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());
              IF connection IS NULL THEN RETURN; END IF;
              EXECUTE pg_catalog.format('CREATE SUBSCRIPTION registry_admin_trial CONNECTION %L PUBLICATION %I'
                ' WITH (connect = true, enabled = false, create_slot = false, copy_data = false, slot_name = NONE)',
                connection, publication);
            EXCEPTION WHEN OTHERS THEN
              RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
            END""";

    private final Session target;

    ConnectTrial(Session target) {
        this.target = target;
    }

    /** Why it can't log in; empty if it can, or if this role may not try. */
    Optional<FailureReason> look(String subscription, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        if (!target.queryOne(bound, MAY, row -> row.getBoolean(1))) {
            return Optional.empty();
        }
        try {
            target.rolledBack(bound, within -> {
                target.query(within, SecretStatement.QUIET, row -> row.getString(1));
                target.execute(within, "DO " + Sql.literal(BLOCK.replace(":name", Sql.literal(subscription))));
                return true;
            });
            return Optional.empty();
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e) && !ErrorAdvice.isConnection(message(e), "")) {
                throw e;
            }
            return ErrorAdvice.isConnection(message(e), PostgresErrors.state(e))
                    ? Optional.of(FailureReason.known(
                            "the target can't log in to the source as the subscription says: "
                                    + ErrorAdvice.said(message(e), PostgresErrors.state(e)),
                            ErrorAdvice.connection()))
                    : Optional.empty();
        }
    }

    /** The server's message, without the word before it and without its context. */
    private static String message(SQLException e) {
        String text =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^ERROR: ", "");
        return text.replace("registry_admin_trial", "like it");
    }
}
