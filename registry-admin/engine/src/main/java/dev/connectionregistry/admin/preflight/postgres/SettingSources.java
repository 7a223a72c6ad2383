package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings, and where each comes from. The server shows both to a session that resets what it has set
 * itself, which happens in a transaction that is rolled back.
 */
final class SettingSources {
    private static final String RESET = "RESET ALL";
    private static final String SETTINGS = """
            SELECT name, setting, source, coalesce(sourcefile, ''), coalesce(sourceline, 0), boot_val
            FROM pg_catalog.pg_settings WHERE name = ANY (?::text[])
            """;
    /** The last row of a setting counts. */
    private static final String FILES = """
            SELECT name, setting, sourcefile, sourceline FROM pg_catalog.pg_file_settings
            WHERE applied AND lower(name) = ANY (?::text[]) ORDER BY seqno
            """;

    private static final String MAY_READ_FILES = """
            SELECT pg_catalog.has_table_privilege('pg_catalog.pg_file_settings', 'SELECT')
               AND pg_catalog.has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')
            """;
    private static final String SET = "SELECT pg_catalog.set_config(?, ?, true)";

    private SettingSources() {}

    /**
     * A setting.
     *
     * @param value in the server's unit
     * @param source as the server names it: {@code default}, {@code configuration file}, {@code database},
     *     {@code user}, ...
     * @param file the file that sets it; empty if that is unknown
     * @param line the line in that file
     */
    record Setting(String value, String source, String file, int line) {
        /** Whether it comes from ALTER ROLE or ALTER DATABASE, or from the login itself, so that others may have another value. */
        boolean isPersonal() {
            return !List.of("default", "environment variable", "configuration file", "command line", "override")
                    .contains(source);
        }

        /** The statements that reset it to its default for the whole server. */
        List<String> reset(String name) {
            return file.isEmpty() || file.endsWith("postgresql.auto.conf")
                    ? List.of("ALTER SYSTEM RESET " + name + ";", "SELECT pg_reload_conf();")
                    : List.of();
        }

        /** Where a person has to change it; empty if a statement can. */
        Optional<String> byHand(String name) {
            if (source.equals("command line")) {
                return Optional.of(
                        name + " is given on the server's command line: remove it there, and restart the server");
            }
            return reset(name).isEmpty()
                    ? Optional.of(
                            "take " + name + " out of " + file + ", line " + line + ", then SELECT pg_reload_conf();")
                    : Optional.empty();
        }
    }

    /** Whether the role may see what is in the server's files. */
    static boolean mayReadFiles(Server server) throws ServerException {
        return server.is(MAY_READ_FILES);
    }

    /** The settings as a session of our role gets them; names that the server doesn't have are left out. */
    static Map<String, Setting> ofSession(Server server, Collection<String> names) throws ServerException {
        return server.call((session, end) -> session.rolledBack(end, RESET, within -> read(session, within, names)));
    }

    /**
     * The settings of the server itself, before ALTER DATABASE and ALTER ROLE. Those that these hide are looked up in
     * its files, and left out if our role may not read them.
     */
    static Map<String, Setting> ofServer(Server server, Collection<String> names) throws ServerException {
        boolean files = mayReadFiles(server);
        return server.call((session, end) -> session.rolledBack(end, RESET, within -> {
            Map<String, Setting> found = read(session, within, names);
            List<String> hidden = new ArrayList<>();
            found.forEach((name, setting) -> {
                if (setting.isPersonal()) {
                    hidden.add(name);
                }
            });
            hidden.forEach(found::remove);
            if (files && !hidden.isEmpty()) {
                found.putAll(fromFiles(session, within, hidden));
            }
            return found;
        }));
    }

    private static Map<String, Setting> read(Session session, Deadline bound, Collection<String> names)
            throws SQLException {
        Map<String, Setting> found = new TreeMap<>();
        session.query(bound, SETTINGS, row -> found.put(row.getString(1), setting(row)), names);
        return found;
    }

    private static Setting setting(ResultSet row) throws SQLException {
        return new Setting(row.getString(2), row.getString(3), row.getString(4), row.getInt(5));
    }

    /** Files have units of their own, which the server converts to its own. */
    private static Map<String, Setting> fromFiles(Session session, Deadline bound, List<String> names)
            throws SQLException {
        Map<String, @Nullable String> values = new TreeMap<>();
        session.query(bound, SETTINGS, row -> values.put(row.getString(1), row.getString(6)), names);
        Map<String, Setting> places = new TreeMap<>();
        names.forEach(name -> places.put(name, new Setting("", "default", "", 0)));
        session.query(
                bound,
                FILES,
                row -> {
                    String name = names.stream()
                            .filter(each -> each.equalsIgnoreCase(text(row, 1)))
                            .findFirst()
                            .orElseThrow();
                    values.put(name, row.getString(2));
                    return places.put(name, new Setting("", "configuration file", text(row, 3), row.getInt(4)));
                },
                names.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
        for (Map.Entry<String, @Nullable String> each : values.entrySet()) {
            String value = each.getValue();
            session.query(bound, SET, row -> true, each.getKey(), value == null ? "" : value);
        }
        Map<String, Setting> found = read(session, bound, names);
        found.replaceAll((name, now) -> {
            Setting place = places.getOrDefault(name, now);
            return new Setting(now.value(), place.source(), place.file(), place.line());
        });
        return found;
    }

    private static String text(ResultSet row, int column) {
        try {
            return String.valueOf(row.getString(column));
        } catch (SQLException e) {
            throw new IllegalStateException("a row that was read can be read", e);
        }
    }
}
