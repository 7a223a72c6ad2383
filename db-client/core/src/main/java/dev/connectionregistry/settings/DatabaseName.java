package dev.connectionregistry.settings;

import java.util.regex.Pattern;

/**
 * A database's logical name in the registry, such as {@code orders}; not the name of a Postgres database.
 *
 * @param value 1 to 63 characters: a lower-case letter, then lower-case letters, digits, {@code -}, {@code _} or
 *     {@code .}
 */
public record DatabaseName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[a-z][a-z0-9._-]{0,62}");

    /**
     * Checks the name.
     *
     * @throws InvalidSettingsException if {@code value} isn't such a name
     */
    public DatabaseName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new InvalidSettingsException("database name '" + value
                    + "' is not allowed; use 1 to 63 characters: a lower-case letter first, then a-z, 0-9, '-', '_'"
                    + " or '.'");
        }
    }

    /** The name itself. */
    @Override
    public String toString() {
        return value;
    }
}
