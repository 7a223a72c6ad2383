package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FailureReasons.FailureReason;
import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a person finds a cause that can't be found from here, and what is likely until then. */
final class ManualDiagnosis {
    private static final String LOG = """
            SELECT current_setting('log_destination'), current_setting('logging_collector') = 'on',
              to_char(clock_timestamp() AT TIME ZONE current_setting('log_timezone'), 'YYYY-MM-DD HH24:MI:SS ')
                || current_setting('log_timezone'),
              coalesce((SELECT string_agg(w.pid::text, ', ') FROM pg_catalog.pg_stat_subscription w
                WHERE w.subname = ? AND w.pid IS NOT NULL), '')""";
    /** The timeouts of the role as which the walsender logs in. */
    private static final String TIMEOUT = """
            SELECT format('%s, set for %s', one, CASE WHEN d.setrole = 0 THEN 'the database'
                WHEN d.setdatabase = 0 THEN format('role %I', r.rolname) ELSE format('role %I in the database', r.rolname) END)
            FROM pg_catalog.pg_db_role_setting d CROSS JOIN unnest(d.setconfig) AS one
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = d.setrole
            WHERE one ~ '^(statement_timeout|idle_in_transaction_session_timeout|transaction_timeout)=' AND one !~ '=0[a-z]*$'
            AND d.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            AND (d.setrole = 0 OR r.rolname IN (SELECT s.usename FROM pg_catalog.pg_stat_replication s WHERE s.application_name = ?))
            ORDER BY 1 LIMIT 1""";

    private final Session source;
    private final Session target;
    private final WorkerFailure trouble;

    ManualDiagnosis(Session source, Session target, WorkerFailure trouble) {
        this.source = source;
        this.target = target;
        this.trouble = trouble;
    }

    private record Log(String destination, boolean collected, String now, String processes) {}

    FailureReason look(boolean readable, Deadline bound) throws SQLException {
        List<String> likely = likely(bound);
        Log log = target.queryOne(
                bound,
                LOG,
                row -> new Log(row.getString(1), row.getBoolean(2), row.getString(3), row.getString(4)),
                trouble.subscription());
        return new FailureReason(
                false,
                (likely.isEmpty() ? "the cause can't be seen from here" : "likely: " + String.join("; ", likely)),
                "look into the log of " + target.login().endpoint() + " (" + place(log) + ") at about " + log.now()
                        + " for the ERROR after '" + starts() + " has started'"
                        + (log.processes().isEmpty() ? "" : ", now process " + log.processes())
                        + "; where that says it lost the source, into the log of "
                        + source.login().endpoint()
                        + (readable || !log.collected() ? "" : "; this command reads it by itself after: " + grants()));
    }

    private static String place(Log log) {
        return "log_destination " + log.destination()
                + (log.collected()
                        ? ", in its log_directory"
                        : log.destination().contains("syslog")
                                ? ""
                                : ", no collector: where the server's own output goes, such as journalctl or the container's log");
    }

    private String starts() {
        return trouble.table()
                .map(table -> "logical replication table synchronization worker for subscription "
                        + ErrorAdvice.quoted(trouble.subscription()) + ", table " + ErrorAdvice.quoted(table.name()))
                .orElse("logical replication ... worker for subscription "
                        + ErrorAdvice.quoted(trouble.subscription()));
    }

    private String grants() {
        String role = Sql.identifier(target.login().username());
        return String.format(Locale.ROOT, """
                GRANT pg_monitor TO %1$s; \
                GRANT EXECUTE ON FUNCTION pg_stat_file(text), pg_read_binary_file(text, bigint, bigint) \
                TO %1$s;""", role);
    }

    private List<String> likely(Deadline bound) throws SQLException {
        List<String> likely = new ArrayList<>();
        source.query(bound, TIMEOUT, row -> row.getString(1), trouble.subscription())
                .forEach(each -> likely.add("the source ends a long copy, by " + each));
        Optional<TableName> table = trouble.table();
        if (table.isPresent() && hasRows(table.get(), bound)) {
            likely.add("rows that are in " + table.get() + " on the target already (TRUNCATE "
                    + table.get().sql() + "; there)");
        }
        return likely;
    }

    private boolean hasRows(TableName table, Deadline bound) {
        try {
            return target.queryOne(bound, "SELECT EXISTS (SELECT FROM " + table.sql() + ")", row -> row.getBoolean(1));
        } catch (SQLException e) {
            return false; // it doesn't exist, or this role may not look
        }
    }
}
