package dev.connectionregistry.internal.pool;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which errors suggest a moved database, so that the registry is read at once instead of at the next poll. */
final class MovedDatabaseErrors {
    private MovedDatabaseErrors() {}

    /**
     * Connection failures (08xxx), a server that is shutting down or not yet up (57P01 to 57P03), a server that has
     * become read-only (25006), and credentials that are no longer valid (28xxx).
     */
    static boolean isSign(@Nullable String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08")
                        || sqlState.startsWith("28")
                        || sqlState.equals("25006")
                        || sqlState.equals("57P01")
                        || sqlState.equals("57P02")
                        || sqlState.equals("57P03"));
    }

    /** Whether {@code failure} says that a transaction, a session or a whole server refuses writes. */
    static boolean isDemoted(SQLException failure) {
        return "25006".equals(failure.getSQLState());
    }
}
