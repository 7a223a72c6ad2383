package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Reads the end of a server's log through the server, if it writes one itself and this role may read it:
 * {@code pg_current_logfile} needs {@code pg_monitor}, and the functions that read a file need a grant, or a superuser.
 */
final class LogReader {
    /** A worker that fails logs it every few seconds; a server that logs every statement writes a lot in between. */
    private static final int TAIL = 2 << 20;

    private static final int JSON_SINCE = 15;
    private static final String MAY_READ = """
            SELECT pg_catalog.has_function_privilege('pg_catalog.pg_current_logfile(text)', 'EXECUTE')
              AND pg_catalog.has_function_privilege('pg_catalog.pg_stat_file(text)', 'EXECUTE')
              AND pg_catalog.has_function_privilege('pg_catalog.pg_read_binary_file(text,bigint,bigint)', 'EXECUTE'),
              current_setting('server_version_num')::int / 10000,
              current_setting('log_line_prefix'),
              to_char((clock_timestamp() - interval '2 minutes') AT TIME ZONE current_setting('log_timezone'),
                'YYYY-MM-DD HH24:MI:SS')""";
    private static final String FILE = "SELECT pg_catalog.pg_current_logfile(?)";
    private static final String END = """
            SELECT pg_catalog.pg_read_binary_file(f.name, greatest(0, s.size - ?::bigint), ?::bigint)
            FROM (SELECT ?::text AS name) AS f CROSS JOIN LATERAL pg_catalog.pg_stat_file(f.name) AS s""";

    private final Session session;

    LogReader(Session session) {
        this.session = session;
    }

    private record Basis(boolean may, int major, String prefix, String since) {}

    /**
     * What was written in the last two minutes, as far as times can be compared; empty if the log can't be read from
     * here.
     */
    Optional<LogSearch> recent(Deadline bound) throws SQLException {
        Basis basis = session.queryOne(
                bound,
                MAY_READ,
                row -> new Basis(row.getBoolean(1), row.getInt(2), row.getString(3), row.getString(4)));
        if (!basis.may()) {
            return Optional.empty();
        }
        for (String format :
                basis.major() >= JSON_SINCE ? List.of("jsonlog", "csvlog", "stderr") : List.of("csvlog", "stderr")) {
            String file = session.queryOne(bound, FILE, row -> row.getString(1), format);
            if (file != null) {
                byte[] end = session.queryOne(bound, END, row -> row.getBytes(1), TAIL, TAIL, file);
                return Optional.of(new LogSearch(young(parse(format, end, basis.prefix()), basis.since())));
            }
        }
        return Optional.empty();
    }

    private static List<LogEntry> parse(String format, byte[] end, String prefix) {
        String text = new String(end, StandardCharsets.UTF_8);
        return switch (format) {
            case "jsonlog" -> JsonLog.parse(text);
            case "csvlog" -> CsvLog.parse(text);
            default -> new StderrLog(prefix).parse(text);
        };
    }

    /** Times of one zone compare as text; if the server writes times in another form, all entries count. */
    private static List<LogEntry> young(List<LogEntry> entries, String since) {
        return entries.stream()
                .filter(each -> !each.time().matches("\\d{4}-\\d\\d-\\d\\d .*")
                        || each.time().compareTo(since) >= 0)
                .toList();
    }
}
