package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Executes a statement that contains a connection string, without ever sending its text. The server's log may contain
 * the text and parameters of statements, and {@code pg_stat_activity} shows them meanwhile; neither contains what goes
 * through {@code COPY}. So the string goes into a temporary table that way, and a block on the server builds the
 * statement. The block raises a failure again, since the original message would come with the statement that failed.
 * For the same reason only statements that give no warnings are executed this way. Extensions that look into blocks,
 * and messages below errors, are switched off if the role may do that, which only superusers may.
 */
public final class SecretStatement {
    private static final String TABLE = "pg_temp.registry_admin_connection";
    /** Keeps statements out of what extensions record, until the end of the transaction and as far as this role may. */
    public static final String QUIET = """
            SELECT set_config(name, 'none', true)
            FROM unnest(ARRAY['pg_stat_statements.track', 'pgaudit.log']) AS name
            WHERE (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
              AND current_setting(name, true) IS NOT NULL
            """;

    private final Session session;

    SecretStatement(Session session) {
        this.session = session;
    }

    /**
     * Executes it in a transaction.
     *
     * @param template the template for {@code format()}, with one {@code %L} for the connection string
     */
    void execute(String template, String connection, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        session.inTransaction(bound, within -> {
            session.query(within, QUIET, row -> row.getString(1));
            session.execute(within, "CREATE TEMPORARY TABLE registry_admin_connection (text text) ON COMMIT DROP");
            session.copyIn(within, "COPY " + TABLE + " FROM STDIN", escaped(connection) + "\n");
            String block = String.format(Locale.ROOT, """
                    BEGIN
                      EXECUTE pg_catalog.format(%s, (SELECT text FROM %s));
                    EXCEPTION WHEN OTHERS THEN
                      RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM;
                    END""", Sql.literal(template), TABLE);
            session.execute(within, "DO " + Sql.literal(block));
            return true;
        });
    }

    /** Escapes the text for {@code COPY}. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
