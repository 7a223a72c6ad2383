package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

public final class RowCounter {
    /** Contains no operator, since it runs under a search path that others chose. */
    private static final String NUMBER =
            "SELECT pg_catalog.to_regclass(?::pg_catalog.text)::pg_catalog.oid::pg_catalog.int8";

    private static final String NAME = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ?::oid
            """;

    /** The tables whose names differ only in upper and lower case. */
    private static final String MEANT = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND lower(c.relname) = lower(?) ORDER BY 1 LIMIT 1
            """;

    private RowCounter() {}

    /**
     * How many rows a table has.
     *
     * @param table as it is written in SQL; it is looked up as a name, never executed as text
     */
    public static long count(Session session, String table, Duration bound) throws ServerException {
        return session.call("count the rows of " + table, Remedies.READ_TABLE, bound, end -> {
            List<String> names = session.query(end, NAME, row -> row.getString(1), number(session, table, end));
            if (names.isEmpty()) {
                throw new ServerException(
                        Kind.NOT_SO,
                        "there is no table " + table + " on " + session.login().endpoint() + meant(session, table, end),
                        null);
            }
            return session.queryOne(end, "SELECT count(*) FROM " + names.get(0), row -> row.getLong(1));
        });
    }

    /** What to write instead, if the name is only misspelled in upper and lower case. */
    private static String meant(Session session, String table, Deadline bound) throws SQLException {
        String name = table.substring(table.lastIndexOf('.') + 1).replace("\"", "");
        return session.query(bound, MEANT, row -> row.getString(1), name).stream()
                .map(
                        each -> "; did you mean " + ShellWord.of(each)
                                + "? As in SQL, a name with capitals or blanks needs double quotes, which the shell must leave alone")
                .findFirst()
                .orElse("");
    }

    /**
     * The oid of the table; 0 if there is none. A name without a schema means what it means for others in this
     * database.
     */
    private static long number(Session session, String table, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        return table.contains(".")
                ? session.queryOne(bound, NUMBER, row -> row.getLong(1), table)
                : session.rolledBack(
                        bound,
                        "SET LOCAL search_path TO DEFAULT",
                        within -> session.queryOne(within, NUMBER, row -> row.getLong(1), table));
    }
}
