package dev.connectionregistry.admin.server;

/** How names and texts are written in SQL; for statements that are shown as well as for those that are executed. Pure. */
public final class Sql {
    private Sql() {}

    /** A name, always in quotes, which preserve upper case, blanks, quotes and keywords. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text, correct whatever {@code standard_conforming_strings} is set to. */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''").replace("\\", "\\\\") + "'";
        return text.indexOf('\\') >= 0 ? " E" + quoted : quoted;
    }
}
