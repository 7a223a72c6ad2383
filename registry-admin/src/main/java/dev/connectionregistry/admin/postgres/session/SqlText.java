package dev.connectionregistry.admin.postgres.session;

/** Names and texts as they are written in SQL. */
public final class SqlText {
    private SqlText() {}

    /** Always in quotes, which keeps upper case, blanks and key words as they are. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Right whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
        return text.indexOf('\\') >= 0 ? " E" + quoted : quoted;
    }
}
