package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Copies the first rows of a table as a worker does, under the same roles and settings, in transactions that are rolled
 * back. Shows what no catalog does: a function that is not found with an empty search path, a constraint, a policy, a
 * trigger.
 *
 * <p>Switching to a role protects nothing: a function that runs meanwhile may switch back to the session's own role. So
 * if the database has a function whose owner isn't a superuser, nothing is tried on the target, and the source is read
 * with policies switched off.
 */
final class CopyTrial {
    private static final int ROWS = 200;
    private static final int BYTES = 1 << 20;

    /** The columns and rows that are sent, and the role as which the worker logs in, each as SQL. */
    private static final String SENT = """
            SELECT (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
                AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = ''
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_tables p WHERE p.pubname = ANY (?::text[])
                  AND p.schemaname = ? AND p.tablename = ? AND jsonb_exists(to_jsonb(p), 'attnames')
                  AND NOT jsonb_exists(to_jsonb(p) -> 'attnames', a.attname))),
              (SELECT string_agg('(' || (to_jsonb(p) ->> 'rowfilter') || ')', ' OR ') FROM pg_catalog.pg_publication_tables p
                WHERE p.pubname = ANY (?::text[]) AND p.schemaname = ? AND p.tablename = ?),
              (SELECT r.usename FROM pg_catalog.pg_stat_replication r WHERE r.application_name = ? LIMIT 1)""";

    private static final String PUBLICATIONS = """
            SELECT unnest(s.subpublications) FROM pg_catalog.pg_subscription s WHERE s.subname = ?
            AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())""";

    private static final String WRITER = """
            SELECT pg_catalog.pg_get_userbyid(CASE WHEN ? AND NOT coalesce((to_jsonb(s) ->> 'subrunasowner')::boolean, false)
                THEN c.relowner ELSE s.subowner END),
              coalesce((SELECT bool_or(substr(one, strpos(one, '=') + 1)::boolean) FROM pg_catalog.pg_db_role_setting d
                CROSS JOIN unnest(d.setconfig) AS one WHERE d.setrole IN (0, s.subowner)
                AND d.setdatabase IN (0, s.subdbid) AND one LIKE 'default_transaction_read_only=%'), false)
            FROM pg_catalog.pg_subscription s LEFT JOIN pg_catalog.pg_class c ON c.oid = to_regclass(?)
            WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())""";

    private static final String OTHERS_CODE = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_roles r ON r.oid = p.proowner WHERE NOT r.rolsuper)""";

    /** The functions of a view would run with the rights of this session. */
    private static final String IS_TABLE =
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass(?) AND relkind IN ('r', 'p'))";

    private static final String MAY = """
            SELECT rolsuper, current_setting('server_version_num')::int / 10000
            FROM pg_catalog.pg_roles
            WHERE rolname = current_user
            """;

    private final Session source;
    private final Session target;
    private final WorkerFailure trouble;
    private final TableName table;

    CopyTrial(Session source, Session target, WorkerFailure trouble, TableName table) {
        this.source = source;
        this.target = target;
        this.trouble = trouble;
        this.table = table;
    }

    private record Sent(String columns, String filter, String role) {
        String query(TableName table) {
            String where = filter.isEmpty() ? "" : " WHERE " + filter;
            return "SELECT " + columns + " FROM " + table.sql() + where + " LIMIT " + ROWS;
        }
    }

    private record Superuser(boolean is, int major) {}

    private record Writer(String role, boolean readOnly) {}

    /** What goes wrong; empty if the first rows cause no error, or if this role may not try. */
    Optional<FailureReason> look(Deadline bound) throws SQLException, ServerException, InterruptedException {
        List<String> publications = target.query(bound, PUBLICATIONS, row -> row.getString(1), trouble.subscription());
        Sent sent = source.queryOne(
                bound,
                SENT,
                row -> new Sent(text(row.getString(1)), text(row.getString(2)), text(row.getString(3))),
                table.sql(),
                publications,
                table.schema(),
                table.name(),
                publications,
                table.schema(),
                table.name(),
                trouble.subscription());
        if (sent.columns().isEmpty()) {
            return Optional.of(FailureReason.known(
                    "the source has no table " + table,
                    "make the source's schema like the target's, or stop replication"));
        }
        String rows;
        try {
            rows = read(sent, bound);
        } catch (SQLException e) {
            return Optional.of(refused("the same COPY, tried on the source as " + sent.role(), e));
        }
        return write(sent, rows, bound);
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    /** Reads as the role whose walsender runs, if our role may switch to it. */
    private String read(Sent sent, Deadline bound) throws SQLException, ServerException, InterruptedException {
        return source.rolledBack(bound, within -> {
            boolean becomes =
                    !sent.role().isEmpty() && mayBecome(source, sent.role(), within) && !runsOthersCode(source, within);
            source.execute(
                    within, becomes ? "SET LOCAL ROLE " + Sql.identifier(sent.role()) : "SET LOCAL row_security = off");
            source.execute(within, "LOCK TABLE " + table.sql() + " IN ACCESS SHARE MODE"); // now it stays what it is
            if (!isTable(source, within)) {
                throw new SQLException(table + " is not a table there, but something like a view", "42809");
            }
            return source.copyOut(within, "COPY (" + sent.query(table) + ") TO STDOUT", BYTES);
        });
    }

    private boolean isTable(Session session, Deadline bound) throws SQLException {
        return session.queryOne(bound, IS_TABLE, row -> row.getBoolean(1), table.sql());
    }

    private static boolean mayBecome(Session session, String role, Deadline bound) throws SQLException {
        return session.queryOne(
                bound, "SELECT pg_catalog.pg_has_role(?::text, 'MEMBER')", row -> row.getBoolean(1), role);
    }

    private static boolean runsOthersCode(Session session, Deadline bound) throws SQLException {
        return session.queryOne(bound, OTHERS_CODE, row -> row.getBoolean(1));
    }

    private Optional<FailureReason> write(Sent sent, String rows, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        Superuser superuser = target.queryOne(bound, MAY, row -> new Superuser(row.getBoolean(1), row.getInt(2)));
        if (!superuser.is()) {
            return Optional.empty();
        }
        Writer writer = target.queryOne(
                bound,
                WRITER,
                row -> new Writer(text(row.getString(1)), row.getBoolean(2)),
                superuser.major() >= SupportedMajors.SUBSCRIBING_ROLE,
                table.sql(),
                trouble.subscription());
        String readOnly = writer.readOnly() ? "; SET LOCAL transaction_read_only = on" : "";
        String settings = String.format(Locale.ROOT, """
                SET LOCAL session_replication_role = replica; \
                SET LOCAL row_security = off; \
                SET LOCAL lock_timeout = '1s'; \
                SELECT pg_catalog.set_config('search_path', '', true); \
                %s; \
                SET LOCAL ROLE %s%s""", Session.VIEWS_TOO, Sql.identifier(writer.role()), readOnly);
        try {
            target.rolledBack(bound, settings, within -> {
                // from now on no trigger, check or index can be added
                target.execute(within, "LOCK TABLE " + table.sql() + " IN ROW EXCLUSIVE MODE");
                if (isTable(target, within) && !runsOthersCode(target, within)) {
                    target.copyIn(within, "COPY " + table.sql() + " (" + sent.columns() + ") FROM STDIN", rows);
                }
                return true;
            });
            return Optional.empty();
        } catch (SQLException e) {
            return PostgresErrors.isLoss(e)
                            || PostgresErrors.state(e).equals("55P03")
                            || PostgresErrors.state(e).equals("57014")
                    ? Optional.empty()
                    : Optional.of(refused(
                            "the first rows of " + table + ", tried on the target as " + writer.role()
                                    + " with a worker's settings and rolled back",
                            e));
        }
    }

    private FailureReason refused(String what, SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException error ? error.getServerErrorMessage() : null;
        String message = said == null ? String.valueOf(e.getMessage()) : String.valueOf(said.getMessage());
        String context = said == null || said.getWhere() == null ? "" : said.getWhere();
        return FailureReason.known(
                what + ": " + ErrorAdvice.said(message, PostgresErrors.state(e)) + ErrorAdvice.within(context),
                new ErrorAdvice(trouble).onTarget(message, PostgresErrors.state(e), context));
    }
}
