package dev.connectionregistry.admin.server;

import java.util.Comparator;

/**
 * A table and its schema, as in the catalogs: unquoted, with any characters, compared byte for byte.
 *
 * @param schema the schema
 * @param name the table
 */
public record TableName(String schema, String name) implements Comparable<TableName> {
    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::name);

    /** As it is written in SQL, always with both names in quotes. */
    public String sql() {
        return quoted(schema) + "." + quoted(name);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    /** For people: in quotes only where SQL would need them. */
    @Override
    public String toString() {
        return readable(schema) + "." + readable(name);
    }

    private static String readable(String name) {
        return name.matches("[a-z_][a-z0-9_$]*") ? name : quoted(name);
    }
}
