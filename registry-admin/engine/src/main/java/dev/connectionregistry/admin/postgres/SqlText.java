package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.server.Sql;

/** Names and texts as they are written in SQL. */
public final class SqlText {
    private SqlText() {}

    /** See {@link Sql#identifier}. */
    public static String identifier(String name) {
        return Sql.identifier(name);
    }

    /** See {@link Sql#literal}. */
    public static String literal(String text) {
        return Sql.literal(text);
    }
}
